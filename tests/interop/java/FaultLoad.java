import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * kafka-clients under load while the broker fails (tests/interop/faults/load.ts): its argument is what to do as JSON,
 * it prints what happened, an event a line, and ends orderly when standard input ends.
 */
public final class FaultLoad {
    static final PrintStream OUT = System.out;
    private final JsonNode spec;
    private final String name;
    private volatile boolean stopping = false;

    private FaultLoad(JsonNode spec) {
        this.spec = spec;
        this.name = spec.path("name").asText();
    }

    public static void main(String[] args) throws Exception {
        System.setOut(System.err);
        FaultLoad load = new FaultLoad(new ObjectMapper().readTree(args[0]));
        Thread work = new Thread(load::run);
        FaultMembers members = new FaultMembers(load);
        boolean isMembers = load.role().equals("members");
        if (!isMembers) work.start();
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null; line = in.readLine()) members.command(line.split(" "));
        load.stopping = true;
        if (isMembers) members.leaveAll();
        else work.join();
        print("ended");
        System.exit(0);
    }

    static synchronized void print(Object... words) {
        StringBuilder line = new StringBuilder();
        for (Object word : words) line.append(line.length() == 0 ? "" : " ").append(word);
        OUT.println(line);
        OUT.flush();
    }

    static String oneLine(Throwable error) {
        return error.toString().replaceAll("\\s+", " ");
    }

    private String role() {
        return spec.path("role").asText();
    }

    private void run() {
        try {
            switch (role()) {
                case "produce" -> produce();
                case "transact" -> transact();
                case "transform" -> transformAll();
                default -> throw new IllegalArgumentException("unknown role " + role());
            }
        } catch (Exception error) {
            error.printStackTrace();
            print("failed", oneLine(error));
        }
    }

    private void pause() throws InterruptedException {
        Thread.sleep(spec.path("pauseMs").asInt(5));
    }

    private ProducerRecord<String, String> record(int index, String value) {
        int partitions = spec.path("partitions").asInt();
        String key = "key-" + index % spec.path("keys").asInt(7);
        return new ProducerRecord<>(spec.path("topic").asText(), index % partitions, key,
            value + ".".repeat(spec.path("paddingBytes").asInt(0)));
    }

    private void produce() throws InterruptedException {
        try (KafkaProducer<String, String> producer = producer(Map.of())) {
            for (int index = 0; !stopping; index++) {
                int sent = index;
                producer.send(record(index, name + " " + index + " "), (metadata, error) -> {
                    if (error == null) print("acked", sent, metadata.partition(), metadata.offset());
                    else print("failed", sent, oneLine(error));
                });
                if (index % 10 == 9) pause();
            }
        }
    }

    /** Transactions of ten records; every fourth is aborted. */
    private void transact() throws InterruptedException {
        KafkaProducer<String, String> producer = null;
        for (int transaction = 0; !stopping; transaction++) {
            boolean begun = false;
            try {
                if (producer == null) producer = transactional(name);
                producer.beginTransaction();
                begun = true;
                for (int index = 0; index < 10; index++)
                    producer.send(record(index, name + " " + transaction + " " + index + " "));
                if (transaction % 4 == 3) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
                print(transaction % 4 == 3 ? "aborted" : "committed", transaction);
                pause();
            } catch (KafkaException error) {
                print(begun ? "unknown" : "retried", transaction, oneLine(error));
                if (producer != null) producer.close(Duration.ZERO);
                producer = null;
            }
        }
        if (producer != null) producer.close();
    }

    private void transformAll() throws InterruptedException {
        Thread[] threads = new Thread[spec.path("instances").asInt(1)];
        for (int index = 0; index < threads.length; index++) {
            int instance = index;
            threads[index] = new Thread(() -> transform(name + "-" + instance));
            threads[index].start();
        }
        for (Thread thread : threads) thread.join();
    }

    /** Consume, process, produce; every fourth transaction is aborted, its records marked as dropped. */
    private void transform(String id) {
        KafkaProducer<String, String> producer = null;
        boolean rewinds = false;
        int round = 0;
        try (KafkaConsumer<String, String> consumer = consumer("read_committed", spec.path("group").asText(), spec.path("protocol").asText())) {
            consumer.subscribe(List.of(spec.path("topic").asText()));
            while (!stopping) {
                try {
                    if (producer == null) producer = transactional(id);
                    if (rewinds) rewind(consumer);
                    rewinds = false;
                    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                    if (records.isEmpty()) continue;
                    rewinds = true;
                    boolean drops = ++round % 4 == 0;
                    transformOnce(producer, consumer, records, drops);
                    print(drops ? "aborted" : "committed", records.count());
                    rewinds = drops;
                } catch (KafkaException error) {
                    print("retried", oneLine(error));
                    producer = abortedOrNone(producer);
                }
            }
        }
        if (producer != null) producer.close();
    }

    private void transformOnce(KafkaProducer<String, String> producer, KafkaConsumer<String, String> consumer,
            ConsumerRecords<String, String> records, boolean drops) {
        producer.beginTransaction();
        for (ConsumerRecord<String, String> record : records)
            producer.send(new ProducerRecord<>(spec.path("to").asText(), record.partition(), record.key(),
                (drops ? "dropped " : "") + record.value()));
        producer.sendOffsetsToTransaction(records.nextOffsets(), consumer.groupMetadata());
        if (drops) {
            producer.flush();
            producer.abortTransaction();
        } else {
            producer.commitTransaction();
        }
    }

    /** The producer when it can go on after an error; else none, and the next one of its id fences it. */
    private KafkaProducer<String, String> abortedOrNone(KafkaProducer<String, String> producer) {
        if (producer == null) return null;
        try {
            producer.abortTransaction();
            return producer;
        } catch (KafkaException | IllegalStateException error) {
            producer.close(Duration.ZERO);
            return null;
        }
    }

    private static void rewind(KafkaConsumer<String, String> consumer) {
        var committed = consumer.committed(consumer.assignment());
        for (TopicPartition partition : consumer.assignment()) {
            var at = committed.get(partition);
            if (at == null) consumer.seekToBeginning(List.of(partition));
            else consumer.seek(partition, at.offset());
        }
    }

    private KafkaProducer<String, String> transactional(String id) {
        var producer = producer(Map.of("transactional.id", id, "transaction.timeout.ms", 15_000));
        try {
            producer.initTransactions();
        } catch (KafkaException error) {
            producer.close(Duration.ZERO);
            throw error;
        }
        return producer;
    }

    private KafkaProducer<String, String> producer(Map<String, Object> more) {
        Properties properties = properties();
        properties.put("acks", "all");
        properties.put("enable.idempotence", true);
        properties.put("linger.ms", 2);
        properties.put("batch.size", 1024 + 10 * spec.path("paddingBytes").asInt(0));
        properties.put("delivery.timeout.ms", 120_000);
        properties.putAll(more);
        return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
    }

    KafkaConsumer<String, String> consumer(String isolation, String group, String protocol) {
        Properties properties = properties();
        properties.put("group.id", group);
        properties.put("enable.auto.commit", false);
        properties.put("auto.offset.reset", "earliest");
        properties.put("isolation.level", isolation);
        properties.put("max.poll.records", 50);
        properties.put("fetch.max.wait.ms", 100);
        if (protocol.equals("consumer")) {
            properties.put("group.protocol", "consumer");
        } else {
            properties.put("heartbeat.interval.ms", 200);
            properties.put("session.timeout.ms", 6000);
            if (spec.hasNonNull("assignor"))
                properties.put("partition.assignment.strategy", Interop.ASSIGNORS.get(spec.path("assignor").asText()));
        }
        return new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
    }

    /** The topic, or the group, that the specification names. */
    String named(String field) {
        return spec.path(field).asText();
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", spec.path("bootstrap").asText());
        properties.put("client.id", name);
        properties.put("reconnect.backoff.ms", 20);
        properties.put("reconnect.backoff.max.ms", 200);
        properties.put("retry.backoff.ms", 20);
        properties.put("retry.backoff.max.ms", 200);
        // A connection that is dead without a word is noticed after that.
        properties.put("request.timeout.ms", spec.path("requestTimeoutMs").asInt(30_000));
        return properties;
    }
}
