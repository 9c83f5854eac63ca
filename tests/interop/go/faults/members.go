package main

import (
	"context"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// members is the role of that name: consumers that come and go at a command, `join NAME PROTOCOL` and `leave NAME`;
// each protocol has a group of its own, `GROUP-PROTOCOL`.
type members struct {
	load  spec
	there map[string]*member
}

type member struct {
	load   spec
	name   string
	client *kgo.Client
	stop   context.CancelFunc
	done   chan struct{}
}

func newMembers(load spec) *members { return &members{load: load, there: map[string]*member{}} }

func (load spec) groupOptions(group, protocol string) []kgo.Opt {
	options := []kgo.Opt{
		kgo.ConsumerGroup(group), kgo.ConsumeTopics(load.Topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.FetchMaxWait(100 * time.Millisecond),
		kgo.HeartbeatInterval(200 * time.Millisecond), kgo.SessionTimeout(6 * time.Second),
	}
	if protocol == "consumer" {
		return append(options, kgo.ServerSideBalancer(), kgo.Balancers(kgo.StickyBalancer()))
	}
	if load.Assignor == "range" {
		return append(options, kgo.Balancers(kgo.RangeBalancer()))
	}
	return append(options, kgo.Balancers(kgo.CooperativeStickyBalancer()))
}

func (m *members) command(words []string) error {
	name := words[1]
	if words[0] == "leave" {
		m.there[name].leave()
		delete(m.there, name)
		return nil
	}
	says := func(word string) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, partitions map[string][]int32) {
			for _, partition := range partitions[m.load.Topic] {
				print(word, name, partition)
			}
		}
	}
	options := append(m.load.options(), m.load.groupOptions(m.load.Group+"-"+words[2], words[2])...)
	client, err := kgo.NewClient(append(options, kgo.OnPartitionsAssigned(says("assigned")),
		kgo.OnPartitionsRevoked(says("revoked")), kgo.OnPartitionsLost(says("revoked")),
		// What was polled is committed before its partition goes.
		kgo.BlockRebalanceOnPoll())...)
	if err != nil {
		return err
	}
	running, stop := context.WithCancel(context.Background())
	joined := &member{load: m.load, name: name, client: client, stop: stop, done: make(chan struct{})}
	m.there[name] = joined
	go joined.run(running)
	return nil
}

func (m *members) leaveAll() {
	for _, member := range m.there {
		member.leave()
	}
}

// run commits what each poll brought before the next one.
func (m *member) run(running context.Context) {
	defer close(m.done)
	for running.Err() == nil {
		limited, cancel := context.WithTimeout(running, 100*time.Millisecond)
		m.client.PollRecords(limited, 50).EachRecord(func(record *kgo.Record) {
			print("read", m.name, record.Partition, record.Offset, string(record.Value))
		})
		cancel()
		m.commit()
		m.client.AllowRebalance()
	}
	m.client.CloseAllowingRebalance()
	print("left", m.name)
}

// commit covers what a rebalance refused to commit before, too.
func (m *member) commit() {
	positions := m.client.UncommittedOffsets()[m.load.Topic]
	if len(positions) == 0 {
		return
	}
	limited, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := m.client.CommitUncommittedOffsets(limited); err != nil {
		print("retried", m.name, fmt.Sprint(oneLine(err)))
		return
	}
	for partition, at := range positions {
		print("committed", m.name, partition, at.Offset)
	}
}

func (m *member) leave() {
	m.stop()
	<-m.done
}
