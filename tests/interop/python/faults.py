"""confluent-kafka (librdkafka) under load while the broker fails (tests/interop/faults/load.ts): its argument is what
to do as JSON, it prints what happened, an event a line, and ends orderly when standard input ends."""

import json
import sys
import threading
import time

from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaException, Producer, TopicPartition

spec = {"keys": 7, "pauseMs": 5, "paddingBytes": 0, "instances": 1, "requestTimeoutMs": 10_000} | json.loads(sys.argv[1])
stopping = threading.Event()
output = threading.Lock()
limit_s = 60


def say(*words):
    with output:
        print(*words, flush=True)


def one_line(error):
    return " ".join(str(error).split())


def base():
    return {
        "bootstrap.servers": spec["bootstrap"],
        "client.id": spec["name"],
        "reconnect.backoff.ms": 20,
        "reconnect.backoff.max.ms": 200,
        "retry.backoff.ms": 20,
        # While it bootstraps anew it gives up the only broker, and a call in a transaction may never return
        # (confluentinc/librdkafka issue 5511).
        "metadata.recovery.strategy": "none",
        # A connection that is dead without a word is noticed after that.
        "socket.timeout.ms": spec["requestTimeoutMs"],
    }


def producer_of(more):
    options = {
        "enable.idempotence": True,
        "acks": "all",
        "linger.ms": 2,
        "batch.size": 1024 + 10 * spec["paddingBytes"],
        "request.timeout.ms": spec["requestTimeoutMs"],
    }
    return Producer(base() | options | more)


def send(producer, index, value, on_delivery=None):
    producer.produce(
        spec["topic"],
        key=f"key-{index % spec['keys']}",
        value=value + "." * spec["paddingBytes"],
        partition=index % spec["partitions"],
        on_delivery=on_delivery,
    )


def pause():
    time.sleep(spec["pauseMs"] / 1000)


def produce():
    producer = producer_of({})

    def delivered(index):
        def report(error, message):
            if error:
                say("failed", index, one_line(error))
            else:
                say("acked", index, message.partition(), message.offset())

        return report

    index = 0
    while not stopping.is_set():
        send(producer, index, f"{spec['name']} {index} ", delivered(index))
        producer.poll(0)
        index += 1
        if index % 10 == 0:
            pause()
    producer.flush(limit_s)


def retried(call):
    """Repeats what librdkafka says can be repeated."""
    while True:
        try:
            return call(limit_s)
        except KafkaException as error:
            if not error.args[0].retriable():
                raise


def transactional(name):
    producer = producer_of({"transactional.id": name, "transaction.timeout.ms": 15_000})
    retried(producer.init_transactions)
    return producer


def abandon(producer):
    if producer is not None:
        producer.purge()


def transact():
    """Transactions of ten records; every fourth is aborted."""
    producer, transaction = None, 0
    while not stopping.is_set():
        begun = False
        try:
            producer = producer or transactional(spec["name"])
            producer.begin_transaction()
            begun = True
            for index in range(10):
                send(producer, index, f"{spec['name']} {transaction} {index} ")
            aborts = transaction % 4 == 3
            if aborts:
                producer.flush(limit_s)
            retried(producer.abort_transaction if aborts else producer.commit_transaction)
            say("aborted" if aborts else "committed", transaction)
        except KafkaException as error:
            say("unknown" if begun else "retried", transaction, one_line(error))
            abandon(producer)
            producer = None
        transaction += 1
        pause()


def consumer_of(isolation, group, protocol):
    options = {
        "group.id": group,
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "isolation.level": isolation,
        "fetch.wait.max.ms": 100,
    }
    if protocol == "consumer":
        options["group.protocol"] = "consumer"
    else:
        options["heartbeat.interval.ms"] = 200
        options["session.timeout.ms"] = 6000
        if spec.get("assignor"):
            options["partition.assignment.strategy"] = spec["assignor"]
    return Consumer(base() | options)


def records_of(consumer):
    """What came; an error of the moment (the broker is away) is no record."""
    return [message for message in consumer.consume(50, 0.1) if not message.error()]


def positions_of(messages):
    last = {(message.topic(), message.partition()): message.offset() + 1 for message in messages}
    return [TopicPartition(topic, partition, offset) for (topic, partition), offset in last.items()]


def rewind(consumer):
    for at in consumer.committed(consumer.assignment(), limit_s):
        offset = at.offset if at.offset >= 0 else OFFSET_BEGINNING
        consumer.seek(TopicPartition(at.topic, at.partition, offset))


def transform(name):
    """Consume, process, produce; every fourth transaction is aborted, its records marked as dropped."""
    consumer = consumer_of("read_committed", spec["group"], spec.get("protocol"))
    consumer.subscribe([spec["topic"]])
    producer, rewinds, turn = None, False, 0
    while not stopping.is_set():
        try:
            producer = producer or transactional(name)
            if rewinds:
                rewind(consumer)
            rewinds = False
            messages = records_of(consumer)
            if not messages:
                continue
            rewinds, turn = True, turn + 1
            drops = turn % 4 == 0
            transform_once(producer, consumer, messages, drops)
            say("aborted" if drops else "committed", len(messages))
            rewinds = drops
        except KafkaException as error:
            say("retried", one_line(error))
            producer = aborted_or_none(producer)
    consumer.close()


def transform_once(producer, consumer, messages, drops):
    producer.begin_transaction()
    mark = b"dropped " if drops else b""
    for message in messages:
        producer.produce(spec["to"], key=message.key(), value=mark + message.value(), partition=message.partition())
    positions, member = positions_of(messages), consumer.consumer_group_metadata()
    retried(lambda limit: producer.send_offsets_to_transaction(positions, member, limit))
    if drops:
        producer.flush(limit_s)
    retried(producer.abort_transaction if drops else producer.commit_transaction)


def aborted_or_none(producer):
    """The producer when it can go on after an error; else none, and the next one of its id fences it."""
    if producer is None:
        return None
    try:
        retried(producer.abort_transaction)
        return producer
    except KafkaException:
        abandon(producer)
        return None


def transform_all():
    threads = [
        threading.Thread(target=transform, args=[f"{spec['name']}-{index}"]) for index in range(spec["instances"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


class Member:
    """A consumer of the role `members`, which come and go at a command, `join NAME PROTOCOL` and `leave NAME`; it
    commits what each poll brought before the next one. Each protocol has a group of its own, `GROUP-PROTOCOL`."""

    def __init__(self, name, protocol):
        self.name = name
        self.protocol = protocol
        self.leaving = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        consumer = consumer_of("read_uncommitted", f"{spec['group']}-{self.protocol}", self.protocol)

        def says(word):
            return lambda _, partitions: [say(word, self.name, held.partition) for held in partitions]

        consumer.subscribe(
            [spec["topic"]], on_assign=says("assigned"), on_revoke=says("revoked"), on_lost=says("revoked")
        )
        # Read and not committed yet: a rebalance refuses commits until it is over.
        pending = {}
        while not self.leaving.is_set():
            messages = records_of(consumer)
            for message in messages:
                say("read", self.name, message.partition(), message.offset(), message.value().decode())
            held = {at.partition for at in consumer.assignment()}
            newest = {at.partition: at for at in positions_of(messages)}
            pending = {partition: at for partition, at in (pending | newest).items() if partition in held}
            if pending and self.commit(consumer, list(pending.values())):
                pending = {}
        consumer.close()
        say("left", self.name)

    def commit(self, consumer, positions):
        try:
            for at in consumer.commit(offsets=positions, asynchronous=False):
                if at.error:
                    raise KafkaException(at.error)
                say("committed", self.name, at.partition, at.offset)
            return True
        except KafkaException as error:
            say("retried", self.name, one_line(error))
            return False

    def leave(self):
        self.leaving.set()
        self.thread.join()


def guarded(work):
    try:
        work()
    except Exception as error:  # noqa: BLE001 - every failure is told
        say("failed", one_line(error))


def main():
    members = {}
    work = {"produce": produce, "transact": transact, "transform": transform_all}.get(spec["role"], lambda: None)
    thread = threading.Thread(target=guarded, args=[work])
    thread.start()
    for text in sys.stdin:
        verb, name, *protocol = text.split()
        if verb == "join":
            members[name] = Member(name, *protocol)
        else:
            members.pop(name).leave()
    stopping.set()
    thread.join()
    for member in members.values():
        member.leave()
    say("ended")


main()
