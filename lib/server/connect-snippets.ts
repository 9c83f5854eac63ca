import type { ConnectSnippet } from '../contract/clusters.ts'

/** Code that connects a client, with the real address: what the empty page and the terminal show. */
export function connectSnippets(address: string, topic: string): ConnectSnippet[] {
  return [
    {
      language: 'node',
      title: 'Node',
      install: 'npm install kafkajs',
      code: `import { Kafka } from 'kafkajs'

const kafka = new Kafka({ clientId: 'my-app', brokers: ['${address}'] })
const producer = kafka.producer()
await producer.connect()
await producer.send({ topic: '${topic}', messages: [{ key: 'k1', value: 'hello' }] })
await producer.disconnect()`,
    },
    {
      language: 'java',
      title: 'Java',
      install: 'org.apache.kafka:kafka-clients:4.3.1',
      code: `var config = new Properties();
config.put("bootstrap.servers", "${address}");
try (var producer = new KafkaProducer<>(config, new StringSerializer(), new StringSerializer())) {
  producer.send(new ProducerRecord<>("${topic}", "k1", "hello")).get();
}`,
    },
    {
      language: 'python',
      title: 'Python',
      install: 'pip install confluent-kafka',
      code: `from confluent_kafka import Producer

producer = Producer({"bootstrap.servers": "${address}"})
producer.produce("${topic}", key="k1", value="hello")
producer.flush()`,
    },
    {
      language: 'go',
      title: 'Go',
      install: 'go get github.com/twmb/franz-go',
      code: `client, err := kgo.NewClient(kgo.SeedBrokers("${address}"))
if err != nil {
	panic(err)
}
defer client.Close()
record := &kgo.Record{Topic: "${topic}", Key: []byte("k1"), Value: []byte("hello")}
if err := client.ProduceSync(context.Background(), record).FirstErr(); err != nil {
	panic(err)
}`,
    },
    {
      language: 'kcat',
      title: 'kcat',
      install: 'apt install kcat   # or: brew install kcat',
      code: `echo 'k1:hello' | kcat -b ${address} -t ${topic} -P -K :
kcat -b ${address} -t ${topic} -C -o beginning -e`,
    },
  ]
}

/** One line a language, for the terminal. */
export function connectLines(address: string): string[] {
  return [
    `Node     new Kafka({ brokers: ['${address}'] })            // kafkajs`,
    `Java     config.put("bootstrap.servers", "${address}");    // kafka-clients`,
    `Python   Producer({"bootstrap.servers": "${address}"})     # confluent-kafka`,
    `Go       kgo.NewClient(kgo.SeedBrokers("${address}"))      // franz-go`,
    `kcat     kcat -b ${address} -L`,
  ]
}
