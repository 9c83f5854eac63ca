import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * The role `members` of FaultLoad: consumers that come and go at a command, `join NAME PROTOCOL` and `leave NAME`;
 * each protocol has a group of its own, `GROUP-PROTOCOL`.
 */
final class FaultMembers {
    private final FaultLoad load;
    private final Map<String, Member> members = new TreeMap<>();

    FaultMembers(FaultLoad load) {
        this.load = load;
    }

    void command(String[] words) throws InterruptedException {
        if (words[0].equals("leave")) {
            members.remove(words[1]).leave();
            return;
        }
        String group = load.named("group") + "-" + words[2];
        members.put(words[1], new Member(words[1], load.consumer("read_uncommitted", group, words[2])));
    }

    void leaveAll() throws InterruptedException {
        for (Member member : members.values()) member.leave();
    }

    /** Commits what each poll brought before the next one. */
    private final class Member implements ConsumerRebalanceListener {
        private final String name;
        private final KafkaConsumer<String, String> consumer;
        private final Thread thread = new Thread(this::run);
        /** Read and not committed yet: a rebalance refuses commits until it is over. */
        private final Map<TopicPartition, OffsetAndMetadata> pending = new HashMap<>();
        private volatile boolean leaving = false;

        Member(String name, KafkaConsumer<String, String> consumer) {
            this.name = name;
            this.consumer = consumer;
            thread.start();
        }

        private void run() {
            try (consumer) {
                consumer.subscribe(List.of(load.named("topic")), this);
                while (!leaving) {
                    ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                    for (ConsumerRecord<String, String> record : records)
                        FaultLoad.print("read", name, record.partition(), record.offset(), record.value());
                    pending.keySet().retainAll(consumer.assignment());
                    pending.putAll(records.nextOffsets());
                    if (!pending.isEmpty()) commit();
                }
            } catch (WakeupException left) {
                // leave() asked for it.
            } catch (RuntimeException error) {
                FaultLoad.print("failed", FaultLoad.oneLine(error));
            }
            FaultLoad.print("left", name);
        }

        private void commit() {
            try {
                consumer.commitSync(pending);
                pending.forEach((partition, at) ->
                    FaultLoad.print("committed", name, partition.partition(), at.offset()));
                pending.clear();
            } catch (WakeupException left) {
                throw left;
            } catch (KafkaException error) {
                FaultLoad.print("retried", name, FaultLoad.oneLine(error));
            }
        }

        @Override
        public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> FaultLoad.print("assigned", name, partition.partition()));
        }

        @Override
        public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
            partitions.forEach(partition -> FaultLoad.print("revoked", name, partition.partition()));
        }

        void leave() throws InterruptedException {
            leaving = true;
            consumer.wakeup();
            thread.join();
        }
    }
}
