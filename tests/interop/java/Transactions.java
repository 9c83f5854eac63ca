import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The verb `transaction`: producers by name that stay open between the calls. */
final class Transactions {
    private final Map<String, KafkaProducer<byte[], byte[]>> producers = new HashMap<>();

    JsonNode call(Interop interop, JsonNode call) throws Exception {
        String name = call.path("producer").asText();
        KafkaProducer<byte[], byte[]> producer = producers.get(name);
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        switch (call.path("op").asText()) {
            case "open":
                producers.put(name, open(interop.properties(), call));
                return answer;
            case "begin":
                producer.beginTransaction();
                return answer;
            case "send": {
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (JsonNode record : call.path("records")) sent.add(producer.send(Interop.toSend(call, record)));
                producer.flush();
                for (Future<RecordMetadata> metadata : sent) answer.withArray("offsets").add(metadata.get().offset());
                return answer;
            }
            case "end":
                end(producer, call);
                return answer;
            case "transform":
                return answer.put("count", transform(producer, interop, call));
            case "close":
                producers.remove(name).close(Duration.ZERO);
                return answer;
            default:
                throw new IllegalArgumentException("unknown step of a transaction");
        }
    }

    private static KafkaProducer<byte[], byte[]> open(Properties properties, JsonNode call) {
        properties.put("transactional.id", call.path("transactionalId").asText());
        properties.put("transaction.timeout.ms", call.path("transactionTimeoutMs").asInt(60_000));
        var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    private static void end(KafkaProducer<byte[], byte[]> producer, JsonNode call) {
        if (call.path("commit").asBoolean()) producer.commitTransaction();
        else producer.abortTransaction();
    }

    /** Reads `count` committed records, writes them to the topic `to` and ends the transaction, offsets and all. */
    private static int transform(KafkaProducer<byte[], byte[]> producer, Interop interop, JsonNode call)
            throws Exception {
        int count = call.path("count").asInt();
        int done = 0;
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        long deadline = System.currentTimeMillis() + call.path("timeoutMs").asLong();
        try (KafkaConsumer<byte[], byte[]> consumer = interop.consumer(call)) {
            consumer.subscribe(Interop.topics(call));
            producer.beginTransaction();
            while (done < count && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (done == count) break;
                    done++;
                    sent.add(producer.send(new ProducerRecord<>(call.path("to").asText(), record.partition(),
                        record.timestamp(), record.key(), record.value(), record.headers())));
                    positions.put(new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
                }
            }
            producer.sendOffsetsToTransaction(positions, consumer.groupMetadata());
            end(producer, call);
        }
        return done;
    }
}
