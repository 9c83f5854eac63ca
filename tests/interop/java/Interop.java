import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** kafka-clients as a line server: one JSON call a line on standard input, one answer a line (tests/interop/program.ts). */
public final class Interop {
    private static final ObjectMapper JSON = new ObjectMapper();
    static final Map<String, String> ASSIGNORS = Map.of(
        "range", "org.apache.kafka.clients.consumer.RangeAssignor",
        "roundrobin", "org.apache.kafka.clients.consumer.RoundRobinAssignor",
        "sticky", "org.apache.kafka.clients.consumer.StickyAssignor",
        "cooperative-sticky", "org.apache.kafka.clients.consumer.CooperativeStickyAssignor");

    private final String bootstrap;
    private final Admin admin;
    private final Map<String, Member> members = new HashMap<>();
    private final Transactions transactions = new Transactions();

    private Interop(String bootstrap) {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(properties());
    }

    public static void main(String[] args) throws Exception {
        PrintStream out = System.out;
        System.setOut(System.err);
        Interop interop = new Interop(args[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            ObjectNode answer = JSON.createObjectNode();
            try {
                answer.set("result", interop.call(JSON.readTree(line)));
            } catch (Exception error) {
                answer.put("error", error.toString() + (error.getCause() == null ? "" : " / " + error.getCause()));
            }
            out.println(JSON.writeValueAsString(answer));
            out.flush();
        }
        System.exit(0);
    }

    private JsonNode call(JsonNode call) throws Exception {
        String topic = call.path("topic").asText();
        String group = call.path("group").asText();
        switch (call.path("verb").asText()) {
            case "createTopic": {
                NewTopic wanted = new NewTopic(topic, call.path("partitions").asInt(), (short) 1);
                Map<String, String> configs = new HashMap<>();
                call.path("configs").properties().forEach(entry -> configs.put(entry.getKey(), entry.getValue().asText()));
                admin.createTopics(List.of(wanted.configs(configs))).all().get();
                return JSON.createObjectNode();
            }
            case "addPartitions":
                admin.createPartitions(Map.of(topic, NewPartitions.increaseTo(call.path("partitions").asInt()))).all().get();
                return JSON.createObjectNode();
            case "describeTopic":
                return JSON.createObjectNode().put("partitions",
                    admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().size());
            case "topicConfig":
                return JSON.createObjectNode().put("value", topicConfig(topic, call.path("name").asText()));
            case "alterConfig":
                alterConfig(topic, call.path("name").asText(), call.path("value").asText());
                return JSON.createObjectNode();
            case "listTopics":
                return JSON.createObjectNode().set("topics", JSON.valueToTree(admin.listTopics().names().get()));
            case "deleteTopic":
                admin.deleteTopics(List.of(topic)).all().get();
                return JSON.createObjectNode();
            case "produce":
                return produce(call);
            case "consume":
                return consume(call);
            case "join":
                members.put(call.path("member").asText(), new Member(consumer(call), topics(call)));
                return JSON.createObjectNode();
            case "assigned":
                return JSON.createObjectNode().set("partitions",
                    JSON.valueToTree(members.get(call.path("member").asText()).assigned()));
            case "leave":
                members.remove(call.path("member").asText()).leave();
                return JSON.createObjectNode();
            case "lag":
                return lag(group, topic);
            case "listGroups": {
                List<String> ids = new ArrayList<>();
                admin.listGroups().all().get().forEach(listing -> ids.add(listing.groupId()));
                return JSON.createObjectNode().set("groups", JSON.valueToTree(ids));
            }
            case "describeGroup": {
                var described = admin.describeConsumerGroups(List.of(group)).all().get().get(group);
                return JSON.createObjectNode().put("state", described.groupState().toString())
                    .put("members", described.members().size());
            }
            case "deleteGroup":
                admin.deleteConsumerGroups(List.of(group)).all().get();
                return JSON.createObjectNode();
            case "transaction":
                return transactions.call(this, call);
            default:
                throw new IllegalArgumentException("unknown verb");
        }
    }

    private String topicConfig(String topic, String name) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        return admin.describeConfigs(List.of(resource)).all().get().get(resource).get(name).value();
    }

    private void alterConfig(String topic, String name, String value) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        AlterConfigOp set = new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
        admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
    }

    private JsonNode produce(JsonNode call) throws Exception {
        Properties properties = properties();
        properties.put("compression.type", call.path("codec").asText());
        properties.put("enable.idempotence", call.path("idempotent").asBoolean());
        properties.put("acks", "all");
        properties.put("linger.ms", 5);
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        try (var producer = new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (JsonNode record : call.path("records")) sent.add(producer.send(toSend(call, record)));
        }
        ArrayNode offsets = JSON.createArrayNode();
        for (Future<RecordMetadata> metadata : sent) offsets.add(metadata.get().offset());
        return JSON.createObjectNode().set("offsets", offsets);
    }

    static ProducerRecord<byte[], byte[]> toSend(JsonNode call, JsonNode record) {
        var toSend = new ProducerRecord<>(call.path("topic").asText(), record.path("partition").asInt(),
            record.path("timestamp").asLong(), bytes(record.get("key")), bytes(record.get("value")));
        for (JsonNode header : record.path("headers"))
            toSend.headers().add(header.get(0).asText(), bytes(header.get(1)));
        return toSend;
    }

    private JsonNode consume(JsonNode call) throws Exception {
        int count = call.path("count").asInt();
        long deadline = System.currentTimeMillis() + call.path("timeoutMs").asLong();
        ArrayNode records = JSON.createArrayNode();
        Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(call)) {
            consumer.subscribe(topics(call));
            while (records.size() < count && System.currentTimeMillis() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                    if (records.size() == count) break;
                    records.add(toJson(record));
                    positions.put(new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), "by java"));
                }
            }
            consumer.commitSync(positions);
        }
        return JSON.createObjectNode().set("records", records);
    }

    private JsonNode lag(String group, String topic) throws Exception {
        var committed = admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        for (TopicPartition partition : committed.keySet())
            if (partition.topic().equals(topic)) wanted.put(partition, OffsetSpec.latest());
        var ends = admin.listOffsets(wanted).all().get();
        ArrayNode partitions = JSON.createArrayNode();
        ends.forEach((partition, end) -> partitions.addObject().put("partition", partition.partition())
            .put("committed", committed.get(partition).offset()).put("end", end.offset()));
        return JSON.createObjectNode().set("partitions", partitions);
    }

    KafkaConsumer<byte[], byte[]> consumer(JsonNode call) {
        Properties properties = properties();
        properties.put("group.id", call.path("group").asText());
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        if (call.hasNonNull("isolation")) properties.put("isolation.level", call.path("isolation").asText());
        if (call.hasNonNull("instanceId")) properties.put("group.instance.id", call.path("instanceId").asText());
        if (call.path("protocol").asText().equals("consumer")) {
            properties.put("group.protocol", "consumer");
            if (call.hasNonNull("assignor")) properties.put("group.remote.assignor", call.path("assignor").asText());
        } else {
            properties.put("heartbeat.interval.ms", 300);
            properties.put("session.timeout.ms", 10000);
            if (call.hasNonNull("assignor"))
                properties.put("partition.assignment.strategy", ASSIGNORS.get(call.path("assignor").asText()));
        }
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", bootstrap);
        properties.put("client.id", "interop-java");
        return properties;
    }

    static List<String> topics(JsonNode call) {
        List<String> topics = new ArrayList<>();
        call.path("topics").forEach(topic -> topics.add(topic.asText()));
        return topics;
    }

    private static ObjectNode toJson(ConsumerRecord<byte[], byte[]> record) {
        ObjectNode json = JSON.createObjectNode().put("topic", record.topic()).put("partition", record.partition())
            .put("offset", record.offset()).put("timestamp", record.timestamp())
            .put("key", text(record.key())).put("value", text(record.value()));
        ArrayNode headers = json.putArray("headers");
        for (Header header : record.headers()) headers.addArray().add(header.key()).add(text(header.value()));
        return json;
    }

    private static byte[] bytes(JsonNode base64) {
        return base64.isNull() ? null : Base64.getDecoder().decode(base64.asText());
    }

    private static String text(byte[] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    /** A consumer that polls in its own thread, so that it takes part in rebalances. */
    private static final class Member implements ConsumerRebalanceListener {
        private final Set<String> assigned = ConcurrentHashMap.newKeySet();
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Thread thread;

        Member(KafkaConsumer<byte[], byte[]> consumer, List<String> topics) {
            this.consumer = consumer;
            this.thread = new Thread(() -> run(topics));
            thread.start();
        }

        private void run(List<String> topics) {
            try (consumer) {
                consumer.subscribe(topics, this);
                while (true) consumer.poll(Duration.ofMillis(100));
            } catch (WakeupException left) {
                // leave() asked for it; closing the consumer leaves the group.
            } catch (RuntimeException error) {
                assigned.clear();
                assigned.add("failed: " + error);
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> assigned.add(partition.toString()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> assigned.remove(partition.toString()));
        }

        TreeSet<String> assigned() {
            return new TreeSet<>(assigned);
        }

        void leave() throws InterruptedException {
            consumer.wakeup();
            thread.join();
        }
    }
}
