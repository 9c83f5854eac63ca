"""confluent-kafka (librdkafka) as a line server."""

import sys
import threading
import time

from confluent_kafka import Consumer, ConsumerGroupTopicPartitions, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewPartitions,
    NewTopic,
    OffsetSpec,
    ResourceType,
)

from line import encode, serve
from transactions import send, transaction

base = {"bootstrap.servers": sys.argv[1], "client.id": "interop-confluent"}
admin = AdminClient(base)
members = {}


def only(futures):
    return next(iter(futures.values())).result(30)


def create_topic(call):
    wanted = NewTopic(call["topic"], call["partitions"], 1, config=call.get("configs") or {})
    only(admin.create_topics([wanted]))


def add_partitions(call):
    only(admin.create_partitions([NewPartitions(call["topic"], call["partitions"])]))


def describe_topic(call):
    described = admin.list_topics(call["topic"], timeout=30).topics[call["topic"]]
    if described.error:
        raise KafkaException(described.error)
    return {"partitions": len(described.partitions)}


def topic_config(call):
    configs = only(admin.describe_configs([ConfigResource(ResourceType.TOPIC, call["topic"])]))
    return {"value": configs[call["name"]].value}


def alter_config(call):
    change = ConfigEntry(call["name"], call["value"], incremental_operation=AlterConfigOpType.SET)
    resource = ConfigResource(ResourceType.TOPIC, call["topic"], incremental_configs=[change])
    only(admin.incremental_alter_configs([resource]))


def list_topics(call):
    return {"topics": list(admin.list_topics(timeout=30).topics)}


def delete_topic(call):
    only(admin.delete_topics([call["topic"]]))


def produce(call):
    producer = Producer(
        base
        | {
            "compression.type": call["codec"],
            "enable.idempotence": call.get("idempotent", False),
            "acks": "all",
            "linger.ms": 5,
        }
    )
    return {"offsets": send(producer, call, 30)}


def consumer_of(call):
    config = base | {
        "group.id": call["group"],
        "enable.auto.commit": False,
        "auto.offset.reset": "earliest",
        "fetch.wait.max.ms": 200,
    }
    # librdkafka's own default is read_committed.
    config["isolation.level"] = call.get("isolation", "read_uncommitted")
    if call.get("protocol") == "consumer":
        config["group.protocol"] = "consumer"
        if call.get("assignor"):
            config["group.remote.assignor"] = call["assignor"]
    else:
        config["heartbeat.interval.ms"] = 300
        config["session.timeout.ms"] = 10000
        if call.get("assignor"):
            config["partition.assignment.strategy"] = call["assignor"]
    return Consumer(config)


def consume(call):
    consumer = consumer_of(call)
    consumer.subscribe(call["topics"])
    records, positions = [], {}
    deadline = time.monotonic() + call["timeoutMs"] / 1000
    while len(records) < call["count"] and time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        records.append(to_json(message))
        positions[message.topic(), message.partition()] = message.offset() + 1
    offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in positions.items()]
    if offsets:
        consumer.commit(offsets=offsets, asynchronous=False)
    consumer.close()
    return {"records": records}


def to_json(message):
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "timestamp": message.timestamp()[1],
        "key": encode(message.key()),
        "value": encode(message.value()),
        "headers": [[name, encode(value)] for name, value in message.headers() or []],
    }


class Member:
    """A consumer that polls in its own thread, so that it takes part in rebalances."""

    def __init__(self, call):
        self.consumer = consumer_of(call)
        self.partitions = set()
        self.leaving = threading.Event()
        self.consumer.subscribe(call["topics"])
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        while not self.leaving.is_set():
            self.consumer.poll(0.1)
            self.partitions = {f"{held.topic}-{held.partition}" for held in self.consumer.assignment()}
        self.consumer.close()

    def leave(self):
        self.leaving.set()
        self.thread.join()


def join(call):
    members[call["member"]] = Member(call)


def assigned(call):
    return {"partitions": sorted(members[call["member"]].partitions)}


def leave(call):
    members.pop(call["member"]).leave()


def lag(call):
    committed = only(admin.list_consumer_group_offsets([ConsumerGroupTopicPartitions(call["group"])]))
    positions = {held.partition: held.offset for held in committed.topic_partitions if held.topic == call["topic"]}
    wanted = {TopicPartition(call["topic"], partition): OffsetSpec.latest() for partition in positions}
    ends = {held.partition: future.result(30).offset for held, future in admin.list_offsets(wanted).items()}
    return {
        "partitions": [
            {"partition": partition, "committed": offset, "end": ends[partition]}
            for partition, offset in positions.items()
        ]
    }


def list_groups(call):
    return {"groups": [listing.group_id for listing in admin.list_consumer_groups().result(30).valid]}


def describe_group(call):
    described = only(admin.describe_consumer_groups([call["group"]]))
    return {"state": described.state.name, "members": len(described.members)}


def delete_group(call):
    only(admin.delete_consumer_groups([call["group"]]))


verbs = {
    "createTopic": create_topic,
    "addPartitions": add_partitions,
    "describeTopic": describe_topic,
    "topicConfig": topic_config,
    "alterConfig": alter_config,
    "listTopics": list_topics,
    "deleteTopic": delete_topic,
    "produce": produce,
    "consume": consume,
    "join": join,
    "assigned": assigned,
    "leave": leave,
    "lag": lag,
    "listGroups": list_groups,
    "describeGroup": describe_group,
    "deleteGroup": delete_group,
    "transaction": lambda call: transaction(call, base, consumer_of),
}

serve(lambda call: verbs[call["verb"]](call))
