// franz-go under load while the broker fails (tests/interop/faults/load.ts): its argument is what to do as JSON, it
// prints what happened, an event a line, and ends orderly when standard input ends.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

type spec struct {
	Bootstrap        string `json:"bootstrap"`
	Role             string `json:"role"`
	Name             string `json:"name"`
	Topic            string `json:"topic"`
	To               string `json:"to"`
	Group            string `json:"group"`
	Protocol         string `json:"protocol"`
	Assignor         string `json:"assignor"`
	Partitions       int    `json:"partitions"`
	Instances        int    `json:"instances"`
	Keys             int    `json:"keys"`
	PaddingBytes     int    `json:"paddingBytes"`
	PauseMs          int    `json:"pauseMs"`
	RequestTimeoutMs int    `json:"requestTimeoutMs"`
}

var output sync.Mutex

func print(words ...any) {
	output.Lock()
	defer output.Unlock()
	fmt.Println(words...)
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func main() {
	load := spec{Keys: 7, PauseMs: 5, Instances: 1, RequestTimeoutMs: 10_000}
	if err := json.Unmarshal([]byte(os.Args[1]), &load); err != nil {
		panic(err)
	}
	stopping, stop := context.WithCancel(context.Background())
	group := newMembers(load)
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := run(stopping, load); err != nil {
			print("failed", oneLine(err))
		}
	}()
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		if err := group.command(strings.Fields(in.Text())); err != nil {
			print("failed", oneLine(err))
		}
	}
	stop()
	<-done
	group.leaveAll()
	print("ended")
}

func run(stopping context.Context, load spec) error {
	switch load.Role {
	case "members":
		return nil
	case "produce":
		return produce(stopping, load)
	case "transact":
		return transact(stopping, load)
	case "transform":
		return transformAll(stopping, load)
	}
	return fmt.Errorf("unknown role %q", load.Role)
}

func (load spec) options() []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(load.Bootstrap), kgo.ClientID(load.Name), kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(2 * time.Millisecond), kgo.ProducerBatchCompression(kgo.NoCompression()), kgo.ProducerBatchMaxBytes(int32(1024 + 10*load.PaddingBytes)),
		kgo.RetryBackoffFn(func(tries int) time.Duration { return time.Duration(min(20*tries, 200)) * time.Millisecond }),
		// A connection that is dead without a word is noticed after that.
		kgo.RequestTimeoutOverhead(time.Duration(load.RequestTimeoutMs) * time.Millisecond),
		kgo.RequestRetries(1_000), kgo.UnknownTopicRetries(-1), kgo.MetadataMinAge(20 * time.Millisecond),
	}
}

func (load spec) record(index int, value string) *kgo.Record {
	return &kgo.Record{
		Topic: load.Topic, Partition: int32(index % load.Partitions),
		Key: fmt.Appendf(nil, "key-%d", index%load.Keys), Value: []byte(value + strings.Repeat(".", load.PaddingBytes)),
	}
}

func (load spec) pause() { time.Sleep(time.Duration(load.PauseMs) * time.Millisecond) }

func produce(stopping context.Context, load spec) error {
	client, err := kgo.NewClient(load.options()...)
	if err != nil {
		return err
	}
	defer client.Close()
	for index := 0; stopping.Err() == nil; index++ {
		record := load.record(index, fmt.Sprintf("%s %d ", load.Name, index))
		client.Produce(context.Background(), record, func(record *kgo.Record, err error) {
			if err != nil {
				print("failed", index, oneLine(err))
			} else {
				print("acked", index, record.Partition, record.Offset)
			}
		})
		if index%10 == 9 {
			load.pause()
		}
	}
	return client.Flush(context.Background())
}
