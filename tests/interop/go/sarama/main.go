// sarama as a line server.
package main

import (
	"context"
	"errors"
	"os"
	"sync"
	"time"

	"github.com/IBM/sarama"

	"millrace.test/interop/line"
)

type client struct {
	bootstrap string
	admin     sarama.ClusterAdmin
}

func main() {
	bootstrap := os.Args[1]
	admin, err := sarama.NewClusterAdmin([]string{bootstrap}, config())
	if err != nil {
		panic(err)
	}
	line.Serve(&client{bootstrap: bootstrap, admin: admin})
}

func config() *sarama.Config {
	config := sarama.NewConfig()
	config.ClientID = "interop-sarama"
	config.Version = sarama.MaxVersion
	return config
}

func (c *client) CreateTopic(_ context.Context, topic string, partitions int32, configs map[string]string) error {
	entries := map[string]*string{}
	for name, value := range configs {
		entries[name] = &value
	}
	detail := &sarama.TopicDetail{NumPartitions: partitions, ReplicationFactor: 1, ConfigEntries: entries}
	return c.admin.CreateTopic(topic, detail, false)
}

func (c *client) AddPartitions(_ context.Context, topic string, total int32) error {
	return c.admin.CreatePartitions(topic, total, nil, false)
}

func (c *client) DescribeTopic(_ context.Context, topic string) (int, error) {
	topics, err := c.admin.DescribeTopics([]string{topic})
	if err != nil {
		return 0, err
	}
	if topics[0].Err != sarama.ErrNoError {
		return 0, topics[0].Err
	}
	return len(topics[0].Partitions), nil
}

func (c *client) TopicConfig(_ context.Context, topic, name string) (string, error) {
	resource := sarama.ConfigResource{Type: sarama.TopicResource, Name: topic, ConfigNames: []string{name}}
	entries, err := c.admin.DescribeConfig(resource)
	if err != nil {
		return "", err
	}
	if len(entries) != 1 {
		return "", errors.New("DescribeConfigs with one name did not answer one entry")
	}
	return entries[0].Value, nil
}

func (c *client) AlterConfig(_ context.Context, topic, name, value string) error {
	entry := sarama.IncrementalAlterConfigsEntry{Operation: sarama.IncrementalAlterConfigsOperationSet, Value: &value}
	changes := map[string]sarama.IncrementalAlterConfigsEntry{name: entry}
	return c.admin.IncrementalAlterConfig(sarama.TopicResource, topic, changes, false)
}

func (c *client) ListTopics(context.Context) ([]string, error) {
	topics, err := c.admin.ListTopics()
	names := []string{}
	for name := range topics {
		names = append(names, name)
	}
	return names, err
}

func (c *client) DeleteTopic(_ context.Context, topic string) error {
	return c.admin.DeleteTopic(topic)
}

func (c *client) Produce(_ context.Context, call line.Call) ([]int64, error) {
	codecs := map[string]sarama.CompressionCodec{
		"none": sarama.CompressionNone, "gzip": sarama.CompressionGZIP, "snappy": sarama.CompressionSnappy,
		"lz4": sarama.CompressionLZ4, "zstd": sarama.CompressionZSTD,
	}
	settings := config()
	settings.Producer.Compression = codecs[call.Codec]
	settings.Producer.Partitioner = sarama.NewManualPartitioner
	settings.Producer.RequiredAcks = sarama.WaitForAll
	settings.Producer.Return.Successes = true
	settings.Producer.Idempotent = call.Idempotent
	settings.Net.MaxOpenRequests = 1
	producer, err := sarama.NewSyncProducer([]string{c.bootstrap}, settings)
	if err != nil {
		return nil, err
	}
	defer producer.Close()
	messages := []*sarama.ProducerMessage{}
	for _, record := range call.Records {
		messages = append(messages, toSarama(call.Topic, record))
	}
	if err := producer.SendMessages(messages); err != nil {
		return nil, err
	}
	offsets := []int64{}
	for _, message := range messages {
		offsets = append(offsets, message.Offset)
	}
	return offsets, nil
}

func toSarama(topic string, record line.Record) *sarama.ProducerMessage {
	message := &sarama.ProducerMessage{
		Topic: topic, Partition: record.Partition, Timestamp: time.UnixMilli(record.Timestamp),
	}
	if key := line.Decode(record.Key); key != nil {
		message.Key = sarama.ByteEncoder(key)
	}
	if value := line.Decode(record.Value); value != nil {
		message.Value = sarama.ByteEncoder(value)
	}
	for _, header := range record.Headers {
		message.Headers = append(message.Headers,
			sarama.RecordHeader{Key: []byte(*header[0]), Value: line.Decode(header[1])})
	}
	return message
}

func groupConfig(assignor string) *sarama.Config {
	strategies := map[string]sarama.BalanceStrategy{
		"range": sarama.NewBalanceStrategyRange(), "roundrobin": sarama.NewBalanceStrategyRoundRobin(),
		"sticky": sarama.NewBalanceStrategySticky(),
	}
	settings := config()
	settings.Consumer.Offsets.Initial = sarama.OffsetOldest
	settings.Consumer.Offsets.AutoCommit.Enable = false
	settings.Consumer.Group.Heartbeat.Interval = 300 * time.Millisecond
	if strategy, named := strategies[assignor]; named {
		settings.Consumer.Group.Rebalance.GroupStrategies = []sarama.BalanceStrategy{strategy}
	}
	return settings
}

// taker collects records until it has enough, marks each, and commits at the end of the session.
type taker struct {
	mutex   sync.Mutex
	count   int
	records []line.Record
	stop    context.CancelFunc
}

func (t *taker) Setup(sarama.ConsumerGroupSession) error { return nil }

func (t *taker) Cleanup(session sarama.ConsumerGroupSession) error {
	session.Commit()
	return nil
}

func (t *taker) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for {
		select {
		case message, open := <-claim.Messages():
			if !open || !t.take(session, message) {
				return nil
			}
		case <-session.Context().Done():
			return nil
		}
	}
}

func (t *taker) take(session sarama.ConsumerGroupSession, message *sarama.ConsumerMessage) bool {
	t.mutex.Lock()
	defer t.mutex.Unlock()
	if len(t.records) == t.count {
		return false
	}
	t.records = append(t.records, fromSarama(message))
	session.MarkMessage(message, "by sarama")
	if len(t.records) == t.count {
		t.stop()
	}
	return true
}

func fromSarama(message *sarama.ConsumerMessage) line.Record {
	headers := [][2]*string{}
	for _, header := range message.Headers {
		key := string(header.Key)
		headers = append(headers, [2]*string{&key, line.Encode(header.Value)})
	}
	return line.Record{
		Topic: message.Topic, Partition: message.Partition, Offset: message.Offset,
		Timestamp: message.Timestamp.UnixMilli(), Key: line.Encode(message.Key), Value: line.Encode(message.Value),
		Headers: headers,
	}
}

func (c *client) Consume(ctx context.Context, call line.Call) ([]line.Record, error) {
	group, err := sarama.NewConsumerGroup([]string{c.bootstrap}, call.Group, groupConfig(call.Assignor))
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, time.Duration(call.TimeoutMs)*time.Millisecond)
	defer cancel()
	taking := &taker{count: call.Count, stop: cancel, records: []line.Record{}}
	for limited.Err() == nil {
		if err := group.Consume(limited, call.Topics, taking); err != nil && limited.Err() == nil {
			return nil, err
		}
	}
	return taking.records, group.Close()
}

type member struct {
	group    sarama.ConsumerGroup
	assigned *line.Assigned
	cancel   context.CancelFunc
	done     chan struct{}
}

func (m *member) Setup(session sarama.ConsumerGroupSession) error {
	for topic, partitions := range session.Claims() {
		m.assigned.Add(topic, partitions)
	}
	return nil
}

func (m *member) Cleanup(session sarama.ConsumerGroupSession) error {
	for topic, partitions := range session.Claims() {
		m.assigned.Remove(topic, partitions)
	}
	return nil
}

func (m *member) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for range claim.Messages() {
	}
	return nil
}

func (m *member) Leave() error {
	m.cancel()
	<-m.done
	return m.group.Close()
}

func (c *client) Join(call line.Call, assigned *line.Assigned) (line.Member, error) {
	group, err := sarama.NewConsumerGroup([]string{c.bootstrap}, call.Group, groupConfig(call.Assignor))
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(context.Background())
	joined := &member{group: group, assigned: assigned, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(joined.done)
		for ctx.Err() == nil {
			if err := group.Consume(ctx, call.Topics, joined); err != nil {
				os.Stderr.WriteString(err.Error() + "\n")
			}
		}
	}()
	return joined, nil
}

func (c *client) Lag(_ context.Context, group, topic string) ([]line.PartitionLag, error) {
	committed, err := c.admin.ListConsumerGroupOffsets(group, nil)
	if err != nil {
		return nil, err
	}
	connection, err := sarama.NewClient([]string{c.bootstrap}, config())
	if err != nil {
		return nil, err
	}
	defer connection.Close()
	partitions := []line.PartitionLag{}
	for partition, block := range committed.Blocks[topic] {
		end, err := connection.GetOffset(topic, partition, sarama.OffsetNewest)
		if err != nil {
			return nil, err
		}
		partitions = append(partitions, line.PartitionLag{Partition: partition, Committed: block.Offset, End: end})
	}
	return partitions, nil
}

func (c *client) ListGroups(context.Context) ([]string, error) {
	groups, err := c.admin.ListConsumerGroups()
	ids := []string{}
	for id := range groups {
		ids = append(ids, id)
	}
	return ids, err
}

func (c *client) DescribeGroup(_ context.Context, group string) (string, int, error) {
	groups, err := c.admin.DescribeConsumerGroups([]string{group})
	if err != nil {
		return "", 0, err
	}
	return groups[0].State, len(groups[0].Members), nil
}

func (c *client) DeleteGroup(_ context.Context, group string) error {
	return c.admin.DeleteConsumerGroup(group)
}
