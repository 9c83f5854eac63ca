"""The verb `transaction` of confluent-kafka: producers by name that stay open between the calls."""

import time

from confluent_kafka import KafkaException, Producer, TopicPartition

from line import decode

producers = {}
limit_s = 60


def transaction(call, base, consumer_of):
    name = call["producer"]
    match call["op"]:
        case "open":
            producers[name] = opened(call, base)
        case "begin":
            producers[name].begin_transaction()
        case "send":
            return {"offsets": send(producers[name], call, limit_s)}
        case "end":
            end(producers[name], call)
        case "transform":
            return {"count": transform(producers[name], call, consumer_of)}
        case "close":
            producers.pop(name).purge()
        case unknown:
            raise ValueError(f"unknown step of a transaction {unknown}")


def opened(call, base):
    timeout = {"transaction.timeout.ms": call.get("transactionTimeoutMs", 60000)}
    producer = Producer(base | timeout | {"transactional.id": call["transactionalId"], "linger.ms": 5})
    producer.init_transactions(limit_s)
    return producer


def send(producer, call, flush_s):
    offsets = [None] * len(call["records"])

    def delivered(index):
        def report(error, message):
            offsets[index] = str(error) if error else message.offset()

        return report

    for index, record in enumerate(call["records"]):
        producer.produce(
            call["topic"],
            value=decode(record["value"]),
            key=decode(record["key"]),
            partition=record["partition"],
            timestamp=record["timestamp"],
            headers=[(name, decode(value)) for name, value in record["headers"]],
            on_delivery=delivered(index),
        )
    left = producer.flush(flush_s)
    failed = [offset for offset in offsets if not isinstance(offset, int)]
    if left or failed:
        raise RuntimeError(f"{left} left in the queue, failed: {failed[:3]}")
    return offsets


def end(producer, call):
    if call["commit"]:
        producer.commit_transaction(limit_s)
    else:
        producer.abort_transaction(limit_s)


def transform(producer, call, consumer_of):
    """Reads `count` committed records, writes them to the topic `to` and ends the transaction, offsets and all."""
    consumer = consumer_of(call)
    consumer.subscribe(call["topics"])
    producer.begin_transaction()
    done, positions = 0, {}
    deadline = time.monotonic() + call["timeoutMs"] / 1000
    while done < call["count"] and time.monotonic() < deadline:
        message = consumer.poll(0.2)
        if message is None:
            continue
        if message.error():
            raise KafkaException(message.error())
        done += 1
        producer.produce(
            call["to"],
            value=message.value(),
            key=message.key(),
            partition=message.partition(),
            timestamp=message.timestamp()[1],
            headers=message.headers(),
        )
        positions[message.topic(), message.partition()] = message.offset() + 1
    offsets = [TopicPartition(topic, partition, offset) for (topic, partition), offset in positions.items()]
    producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata(), limit_s)
    end(producer, call)
    consumer.close()
    return done
