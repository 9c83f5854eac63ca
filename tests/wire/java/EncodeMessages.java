import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Message;
import org.apache.kafka.common.protocol.ObjectSerializationCache;

/**
 * Encodes messages with Apache Kafka's own classes. Each line of the input is "name TAB version TAB json";
 * each line of the output is the bytes in hex, or "error: " and why. Bytes and records are base64 in the JSON.
 */
public class EncodeMessages {
  private static final String[] PLACES = {
    "org.apache.kafka.common.message.%sData",
    "org.apache.kafka.common.message.%s",
    "org.apache.kafka.common.metadata.%s",
    "org.apache.kafka.coordinator.group.generated.%s",
    "org.apache.kafka.coordinator.transaction.generated.%s",
    "org.apache.kafka.coordinator.share.generated.%s",
  };

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    ObjectMapper mapper = new ObjectMapper();
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] parts = line.split("\t", 3);
      try {
        System.out.println(encode(parts[0], Short.parseShort(parts[1]), mapper.readTree(parts[2])));
      } catch (ReflectiveOperationException | RuntimeException error) {
        Throwable cause = error.getCause() == null ? error : error.getCause();
        System.out.println("error: " + cause);
      }
    }
  }

  private static String encode(String name, short version, JsonNode json) throws ReflectiveOperationException {
    Class<?> converter = Class.forName(find(name).getName() + "JsonConverter");
    Object message = converter.getMethod("read", JsonNode.class, short.class).invoke(null, json, version);
    ObjectSerializationCache cache = new ObjectSerializationCache();
    ByteBuffer bytes = ByteBuffer.allocate(((Message) message).size(cache, version));
    ((Message) message).write(new ByteBufferAccessor(bytes), cache, version);
    return HexFormat.of().formatHex(bytes.array());
  }

  private static Class<?> find(String name) throws ClassNotFoundException {
    for (String place : PLACES) {
      try {
        return Class.forName(place.formatted(name));
      } catch (ClassNotFoundException elsewhere) {
        continue;
      }
    }
    throw new ClassNotFoundException(name);
  }
}
