// franz-go as a line server.
package main

import (
	"context"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"millrace.test/interop/line"
)

type client struct {
	bootstrap string
	admin     *kadm.Client
	producers map[string]*kgo.Client
}

func main() {
	bootstrap := os.Args[1]
	connection, err := kgo.NewClient(kgo.SeedBrokers(bootstrap), kgo.ClientID("interop-franz"))
	if err != nil {
		panic(err)
	}
	line.Serve(&client{bootstrap: bootstrap, admin: kadm.NewClient(connection), producers: map[string]*kgo.Client{}})
}

func (c *client) CreateTopic(ctx context.Context, topic string, partitions int32, configs map[string]string) error {
	wanted := map[string]*string{}
	for name, value := range configs {
		wanted[name] = &value
	}
	_, err := c.admin.CreateTopic(ctx, partitions, 1, wanted, topic)
	return err
}

func (c *client) AddPartitions(ctx context.Context, topic string, total int32) error {
	responses, err := c.admin.UpdatePartitions(ctx, int(total), topic)
	if err != nil {
		return err
	}
	return responses.Error()
}

func (c *client) DescribeTopic(ctx context.Context, topic string) (int, error) {
	topics, err := c.admin.ListTopics(ctx, topic)
	if err != nil {
		return 0, err
	}
	return len(topics[topic].Partitions), topics[topic].Err
}

func (c *client) TopicConfig(ctx context.Context, topic, name string) (string, error) {
	resources, err := c.admin.DescribeTopicConfigs(ctx, topic)
	if err != nil {
		return "", err
	}
	for _, resource := range resources {
		for _, config := range resource.Configs {
			if config.Key == name {
				return config.MaybeValue(), resource.Err
			}
		}
	}
	return "", nil
}

func (c *client) AlterConfig(ctx context.Context, topic, name, value string) error {
	change := kadm.AlterConfig{Op: kadm.SetConfig, Name: name, Value: &value}
	responses, err := c.admin.AlterTopicConfigs(ctx, []kadm.AlterConfig{change}, topic)
	if err != nil {
		return err
	}
	return responses[0].Err
}

func (c *client) ListTopics(ctx context.Context) ([]string, error) {
	topics, err := c.admin.ListTopics(ctx)
	return topics.Names(), err
}

func (c *client) DeleteTopic(ctx context.Context, topic string) error {
	response, err := c.admin.DeleteTopic(ctx, topic)
	if err != nil {
		return err
	}
	return response.Err
}

func (c *client) Produce(ctx context.Context, call line.Call) ([]int64, error) {
	codecs := map[string]kgo.CompressionCodec{
		"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
		"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(c.bootstrap), kgo.ClientID("interop-franz"),
		kgo.ProducerBatchCompression(codecs[call.Codec]), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(5 * time.Millisecond),
	}
	if !call.Idempotent {
		options = append(options, kgo.DisableIdempotentWrite(), kgo.MaxProduceRequestsInflightPerBroker(1))
	}
	producer, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	defer producer.Close()
	return send(ctx, producer, call)
}

func send(ctx context.Context, producer *kgo.Client, call line.Call) ([]int64, error) {
	records := []*kgo.Record{}
	for _, record := range call.Records {
		sent := &kgo.Record{
			Topic: call.Topic, Partition: record.Partition, Timestamp: time.UnixMilli(record.Timestamp),
			Key: line.Decode(record.Key), Value: line.Decode(record.Value),
		}
		for _, header := range record.Headers {
			sent.Headers = append(sent.Headers, kgo.RecordHeader{Key: *header[0], Value: line.Decode(header[1])})
		}
		records = append(records, sent)
	}
	if err := producer.ProduceSync(ctx, records...).FirstErr(); err != nil {
		return nil, err
	}
	offsets := []int64{}
	for _, record := range records {
		offsets = append(offsets, record.Offset)
	}
	return offsets, nil
}

func (c *client) groupOptions(call line.Call) []kgo.Opt {
	balancers := map[string]kgo.GroupBalancer{
		"range": kgo.RangeBalancer(), "roundrobin": kgo.RoundRobinBalancer(), "sticky": kgo.StickyBalancer(),
		"cooperative-sticky": kgo.CooperativeStickyBalancer(), "uniform": kgo.StickyBalancer(),
	}
	options := []kgo.Opt{
		kgo.SeedBrokers(c.bootstrap), kgo.ClientID("interop-franz"), kgo.ConsumerGroup(call.Group),
		kgo.ConsumeTopics(call.Topics...), kgo.DisableAutoCommit(), kgo.FetchMaxWait(500 * time.Millisecond),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.HeartbeatInterval(300 * time.Millisecond),
		kgo.SessionTimeout(10 * time.Second),
	}
	if balancer, named := balancers[call.Assignor]; named {
		options = append(options, kgo.Balancers(balancer))
	}
	if call.Isolation == "read_committed" {
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()))
	}
	if call.Protocol == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	}
	return options
}

func (c *client) Consume(ctx context.Context, call line.Call) ([]line.Record, error) {
	consumer, err := kgo.NewClient(c.groupOptions(call)...)
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	limited, cancel := context.WithTimeout(ctx, time.Duration(call.TimeoutMs)*time.Millisecond)
	defer cancel()
	records := []line.Record{}
	delivered := []*kgo.Record{}
	for len(records) < call.Count && limited.Err() == nil {
		fetches := consumer.PollRecords(limited, call.Count-len(records))
		for _, failed := range fetches.Errors() {
			if limited.Err() == nil {
				return nil, failed.Err
			}
		}
		fetches.EachRecord(func(record *kgo.Record) {
			records = append(records, fromFranz(record))
			delivered = append(delivered, record)
		})
	}
	if err := consumer.CommitRecords(ctx, delivered...); err != nil {
		return nil, err
	}
	// Close leaves too, but says nothing when that fails, and the next member then waits for the session's end.
	return records, consumer.LeaveGroupContext(ctx)
}

func fromFranz(record *kgo.Record) line.Record {
	headers := [][2]*string{}
	for _, header := range record.Headers {
		headers = append(headers, [2]*string{&header.Key, line.Encode(header.Value)})
	}
	return line.Record{
		Topic: record.Topic, Partition: record.Partition, Offset: record.Offset,
		Timestamp: record.Timestamp.UnixMilli(), Key: line.Encode(record.Key), Value: line.Encode(record.Value),
		Headers: headers,
	}
}

type member struct {
	client *kgo.Client
	done   chan struct{}
}

func (m *member) Leave() error {
	m.client.Close()
	<-m.done
	return nil
}

func (c *client) Join(call line.Call, assigned *line.Assigned) (line.Member, error) {
	add := func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
		for topic, numbers := range partitions {
			assigned.Add(topic, numbers)
		}
	}
	remove := func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
		for topic, numbers := range partitions {
			assigned.Remove(topic, numbers)
		}
	}
	options := append(c.groupOptions(call), kgo.OnPartitionsAssigned(add),
		kgo.OnPartitionsRevoked(remove), kgo.OnPartitionsLost(remove))
	consumer, err := kgo.NewClient(options...)
	if err != nil {
		return nil, err
	}
	joined := &member{client: consumer, done: make(chan struct{})}
	go func() {
		defer close(joined.done)
		for !consumer.PollFetches(context.Background()).IsClientClosed() {
		}
	}()
	return joined, nil
}

func (c *client) Lag(ctx context.Context, group, topic string) ([]line.PartitionLag, error) {
	committed, err := c.admin.FetchOffsets(ctx, group)
	if err != nil {
		return nil, err
	}
	ends, err := c.admin.ListEndOffsets(ctx, topic)
	if err != nil {
		return nil, err
	}
	partitions := []line.PartitionLag{}
	for partition, offset := range committed[topic] {
		if offset.Err != nil {
			return nil, offset.Err
		}
		end, _ := ends.Lookup(topic, partition)
		partitions = append(partitions, line.PartitionLag{
			Partition: partition, Committed: offset.At, End: end.Offset,
		})
	}
	return partitions, nil
}

func (c *client) ListGroups(ctx context.Context) ([]string, error) {
	groups, err := c.admin.ListGroups(ctx)
	return groups.Groups(), err
}

func (c *client) DescribeGroup(ctx context.Context, group string) (string, int, error) {
	described, err := c.admin.DescribeGroups(ctx, group)
	if err != nil {
		return "", 0, err
	}
	return described[group].State, len(described[group].Members), described[group].Err
}

func (c *client) DeleteGroup(ctx context.Context, group string) error {
	response, err := c.admin.DeleteGroup(ctx, group)
	if err != nil {
		return err
	}
	return response.Err
}
