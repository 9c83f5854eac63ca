import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * How long Produce requests take that were encoded beforehand, from write to whole answer, one at a time on a blocking
 * socket: hardly a client can add less to it. Arguments: port, seconds, and one or more rates in requests a second.
 * Standard input: the requests' frames in base64, a line each (version 7, one partition each), sent in turn. Prints a
 * line of JSON for each rate, times in milliseconds.
 */
public final class Latency {
    /** Before anything is measured, so that the code of this client is compiled; each frame at least once. */
    private static final int WARMUP_REQUESTS = 5_000;

    private final OutputStream out;
    private final DataInputStream in;
    private final List<byte[]> frames;
    private int sent;

    private Latency(Socket socket, List<byte[]> frames) throws IOException {
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.frames = frames;
    }

    public static void main(String[] args) throws IOException {
        List<byte[]> frames = new BufferedReader(new InputStreamReader(System.in)).lines()
            .map(Base64.getDecoder()::decode)
            .toList();
        try (Socket socket = new Socket("127.0.0.1", Integer.parseInt(args[0]))) {
            Latency latency = new Latency(socket, frames);
            for (int i = 0; i < Math.max(WARMUP_REQUESTS, frames.size()); i++) latency.request();
            for (int i = 2; i < args.length; i++) {
                latency.measure(Integer.parseInt(args[i]), Integer.parseInt(args[1]));
            }
        }
    }

    private void measure(int perSecond, int seconds) throws IOException {
        long[] nanos = new long[perSecond * seconds];
        long start = System.nanoTime();
        for (int i = 0; i < nanos.length; i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            boolean isLate = System.nanoTime() >= due;
            for (long left; (left = due - System.nanoTime()) > 0; ) LockSupport.parkNanos(left);
            // One that had to wait for the answer before it has waited for the broker too.
            long begun = isLate ? due : System.nanoTime();
            request();
            nanos[i] = System.nanoTime() - begun;
        }
        Arrays.sort(nanos);
        System.out.printf(Locale.ROOT, "{\"p50Ms\":%.4f,\"p99Ms\":%.4f,\"samples\":%d}%n",
            nanos[nanos.length / 2] / 1e6, nanos[nanos.length * 99 / 100] / 1e6, nanos.length);
    }

    private void request() throws IOException {
        out.write(frames.get(sent++ % frames.size()));
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        // Correlation id, one topic, its name, one partition, its index.
        int error = ByteBuffer.wrap(answer).getShort(8 + 2 + ByteBuffer.wrap(answer).getShort(8) + 4 + 4);
        if (error != 0) throw new IOException("Produce was answered with error code " + error);
    }
}
