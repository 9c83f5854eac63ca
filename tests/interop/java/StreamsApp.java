import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler;
import org.apache.kafka.streams.kstream.KStream;
import org.apache.kafka.streams.kstream.KTable;

/**
 * One Kafka Streams application that counts words (`ID-lines` to `ID-counts`) and joins flights with their airport
 * (`ID-flights` and the table `ID-airports` to `ID-joined`), until it is killed. Arguments: bootstrap, application
 * id, processing guarantee, state folder.
 */
public final class StreamsApp {
    public static void main(String[] args) throws Exception {
        String id = args[1];
        KafkaStreams streams = new KafkaStreams(topology(id).build(), properties(args));
        streams.setUncaughtExceptionHandler(error -> {
            error.printStackTrace();
            return StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
        streams.start();
        new CountDownLatch(1).await();
    }

    private static StreamsBuilder topology(String id) {
        StreamsBuilder builder = new StreamsBuilder();
        KStream<String, String> lines = builder.stream(id + "-lines");
        lines.peek((key, line) -> takeTime())
            .flatMapValues(line -> Arrays.asList(line.split(" ")))
            .groupBy((key, word) -> word)
            .count()
            .toStream()
            .mapValues(count -> Long.toString(count))
            .to(id + "-counts");
        KTable<String, String> airports = builder.table(id + "-airports");
        KStream<String, String> flights = builder.stream(id + "-flights");
        flights.peek((origin, flight) -> takeTime())
            .join(airports, (flight, airport) -> flight + " from " + airport)
            .to(id + "-joined");
        return builder;
    }

    /** A record takes a moment, so that a kill meets the application at work. */
    private static void takeTime() {
        try {
            Thread.sleep(1);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Properties properties(String[] args) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", args[0]);
        properties.put("application.id", args[1]);
        properties.put("processing.guarantee", args[2]);
        properties.put("state.dir", args[3]);
        properties.put("default.key.serde", Serdes.StringSerde.class);
        properties.put("default.value.serde", Serdes.StringSerde.class);
        properties.put("num.stream.threads", 2);
        properties.put("commit.interval.ms", 100);
        // Without a cache every count of a word comes out, one after the other.
        properties.put("statestore.cache.max.bytes", 0);
        properties.put("consumer.auto.offset.reset", "earliest");
        // A killed application's members are dead after that long; a broker takes no less than six seconds.
        properties.put("consumer.session.timeout.ms", 6000);
        properties.put("consumer.heartbeat.interval.ms", 500);
        return properties;
    }
}
