package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"

	"millrace.test/interop/line"
)

// Transaction serves the verb `transaction`: producers by name that stay open between the calls.
func (c *client) Transaction(ctx context.Context, call line.Call) (map[string]any, error) {
	producer := c.producers[call.Producer]
	none := map[string]any{}
	switch call.Op {
	case "open":
		opened, err := kgo.NewClient(c.transactionOptions(call)...)
		if err != nil {
			return nil, err
		}
		c.producers[call.Producer] = opened
		_, _, err = opened.ProducerID(ctx)
		return none, err
	case "begin":
		return none, producer.BeginTransaction()
	case "send":
		offsets, err := send(ctx, producer, call)
		return map[string]any{"offsets": offsets}, err
	case "end":
		return none, end(ctx, producer, call)
	case "transform":
		count, err := c.transform(ctx, call)
		return map[string]any{"count": count}, err
	case "close":
		delete(c.producers, call.Producer)
		producer.Close()
		return none, nil
	}
	return nil, fmt.Errorf("unknown step of a transaction %q", call.Op)
}

func (c *client) transactionOptions(call line.Call) []kgo.Opt {
	options := []kgo.Opt{
		kgo.SeedBrokers(c.bootstrap), kgo.ClientID("interop-franz"), kgo.TransactionalID(call.TransactionalID),
		kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(5 * time.Millisecond),
	}
	if call.TransactionTimeoutMs > 0 {
		options = append(options, kgo.TransactionTimeout(time.Duration(call.TransactionTimeoutMs)*time.Millisecond))
	}
	return options
}

func end(ctx context.Context, producer *kgo.Client, call line.Call) error {
	if !call.Commit {
		if err := producer.AbortBufferedRecords(ctx); err != nil {
			return err
		}
	}
	return producer.EndTransaction(ctx, kgo.TransactionEndTry(call.Commit))
}

// transform reads `count` committed records, writes them to the topic `to` and ends the transaction, offsets and
// all. A session of franz-go is producer and member in one, so it has a client of its own.
func (c *client) transform(ctx context.Context, call line.Call) (int, error) {
	options := append(c.groupOptions(call), c.transactionOptions(call)...)
	session, err := kgo.NewGroupTransactSession(append(options, kgo.RequireStableFetchOffsets())...)
	if err != nil {
		return 0, err
	}
	defer session.Close()
	limited, cancel := context.WithTimeout(ctx, time.Duration(call.TimeoutMs)*time.Millisecond)
	defer cancel()
	if err := session.Begin(); err != nil {
		return 0, err
	}
	count := 0
	for count < call.Count && limited.Err() == nil {
		session.PollRecords(limited, call.Count-count).EachRecord(func(record *kgo.Record) {
			count++
			session.Produce(ctx, &kgo.Record{
				Topic: call.To, Partition: record.Partition, Timestamp: record.Timestamp, Key: record.Key,
				Value: record.Value, Headers: record.Headers,
			}, nil)
		})
	}
	ended, err := session.End(ctx, kgo.TransactionEndTry(call.Commit))
	if err == nil && ended != call.Commit {
		err = fmt.Errorf("the transaction ended otherwise than asked")
	}
	return count, err
}
