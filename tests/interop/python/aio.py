"""aiokafka as a line server: the verbs are coroutines on one event loop in a thread of its own, so
that members keep polling while standard input is waited for."""

import asyncio
import sys
import threading
import time

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRebalanceListener, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient, NewPartitions, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.coordinator.assignors.range import RangePartitionAssignor
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.assignors.sticky.sticky_assignor import StickyPartitionAssignor
from aiokafka.errors import for_code
from aiokafka.structs import OffsetAndMetadata

from line import decode, encode, serve

bootstrap = sys.argv[1]
assignors = {
    "range": RangePartitionAssignor,
    "roundrobin": RoundRobinPartitionAssignor,
    "sticky": StickyPartitionAssignor,
}
members = {}
admin_client = None


async def admin():
    global admin_client
    if admin_client is None:
        admin_client = AIOKafkaAdminClient(bootstrap_servers=bootstrap, client_id="interop-aiokafka")
        await admin_client.start()
    return admin_client


def check(code):
    if code:
        raise for_code(code)()


async def create_topic(call):
    wanted = NewTopic(call["topic"], call["partitions"], 1, topic_configs=call.get("configs") or {})
    response = await (await admin()).create_topics([wanted])
    check(response.topic_errors[0][1])


async def add_partitions(call):
    response = await (await admin()).create_partitions({call["topic"]: NewPartitions(call["partitions"])})
    check(response.topic_errors[0][1])


async def describe_topic(call):
    described = (await (await admin()).describe_topics([call["topic"]]))[0]
    check(described["error_code"])
    return {"partitions": len(described["partitions"])}


async def topic_config(call):
    resource = ConfigResource(ConfigResourceType.TOPIC, call["topic"])
    responses = await (await admin()).describe_configs([resource])
    for entry in responses[0].resources[0][4]:
        if entry[0] == call["name"]:
            return {"value": entry[1]}
    return {"value": None}


async def alter_config(call):
    resource = ConfigResource(ConfigResourceType.TOPIC, call["topic"], {call["name"]: call["value"]})
    responses = await (await admin()).alter_configs([resource])
    check(responses[0].resources[0][0])


async def list_topics(call):
    return {"topics": await (await admin()).list_topics()}


async def delete_topic(call):
    response = await (await admin()).delete_topics([call["topic"]])
    check(response.topic_error_codes[0][1])


async def produce(call):
    producer = AIOKafkaProducer(
        bootstrap_servers=bootstrap,
        client_id="interop-aiokafka",
        acks="all",
        linger_ms=5,
        compression_type=None if call["codec"] == "none" else call["codec"],
        enable_idempotence=call.get("idempotent", False),
    )
    await producer.start()
    try:
        sent = [
            await producer.send(
                call["topic"],
                value=decode(record["value"]),
                key=decode(record["key"]),
                partition=record["partition"],
                timestamp_ms=record["timestamp"],
                headers=[(name, decode(value)) for name, value in record["headers"]],
            )
            for record in call["records"]
        ]
        return {"offsets": [(await future).offset for future in sent]}
    finally:
        await producer.stop()


def consumer_of(call):
    options = {}
    if call.get("assignor"):
        options["partition_assignment_strategy"] = (assignors[call["assignor"]],)
    return AIOKafkaConsumer(
        bootstrap_servers=bootstrap,
        client_id="interop-aiokafka",
        group_id=call["group"],
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        heartbeat_interval_ms=300,
        **options,
    )


async def consume(call):
    consumer = consumer_of(call)
    consumer.subscribe(call["topics"])
    await consumer.start()
    records, positions = [], {}
    deadline = time.monotonic() + call["timeoutMs"] / 1000
    try:
        while len(records) < call["count"] and time.monotonic() < deadline:
            batches = await consumer.getmany(timeout_ms=200, max_records=call["count"] - len(records))
            for partition, messages in batches.items():
                records.extend(to_json(message) for message in messages)
                positions[partition] = OffsetAndMetadata(messages[-1].offset + 1, "by aiokafka")
        await consumer.commit(positions)
    finally:
        await consumer.stop()
    return {"records": records}


def to_json(message):
    return {
        "topic": message.topic,
        "partition": message.partition,
        "offset": message.offset,
        "timestamp": message.timestamp,
        "key": encode(message.key),
        "value": encode(message.value),
        "headers": [[name, encode(value)] for name, value in message.headers],
    }


class Member(ConsumerRebalanceListener):
    def __init__(self, call):
        self.consumer = consumer_of(call)
        self.partitions = set()
        self.consumer.subscribe(call["topics"], listener=self)

    async def on_partitions_revoked(self, revoked):
        self.partitions -= {f"{held.topic}-{held.partition}" for held in revoked}

    async def on_partitions_assigned(self, granted):
        self.partitions |= {f"{held.topic}-{held.partition}" for held in granted}

    async def run(self):
        while True:
            await self.consumer.getmany(timeout_ms=200)


async def join(call):
    member = members[call["member"]] = Member(call)
    await member.consumer.start()
    member.task = asyncio.create_task(member.run())


async def assigned(call):
    return {"partitions": sorted(members[call["member"]].partitions)}


async def leave(call):
    member = members.pop(call["member"])
    member.task.cancel()
    await asyncio.wait([member.task])
    await member.consumer.stop()


async def lag(call):
    committed = await (await admin()).list_consumer_group_offsets(call["group"])
    positions = {held: at.offset for held, at in committed.items() if held.topic == call["topic"]}
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, client_id="interop-aiokafka")
    await consumer.start()
    try:
        ends = await consumer.end_offsets([TopicPartition(held.topic, held.partition) for held in positions])
    finally:
        await consumer.stop()
    return {
        "partitions": [
            {"partition": held.partition, "committed": offset, "end": ends[held]}
            for held, offset in positions.items()
        ]
    }


async def list_groups(call):
    return {"groups": [group[0] for group in await (await admin()).list_consumer_groups()]}


async def describe_group(call):
    responses = await (await admin()).describe_consumer_groups([call["group"]])
    described = responses[0].groups[0]
    check(described[0])
    return {"state": described[2], "members": len(described[5])}


async def delete_group(call):
    raise NotImplementedError("aiokafka has no call that deletes a group")


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
}

loop = asyncio.new_event_loop()
threading.Thread(target=loop.run_forever, daemon=True).start()
serve(lambda call: asyncio.run_coroutine_threadsafe(verbs[call["verb"]](call), loop).result(90))
