package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func transactionalOptions(load spec, id string) []kgo.Opt {
	return append(load.options(), kgo.TransactionalID(id), kgo.TransactionTimeout(15*time.Second))
}

// transact writes transactions of ten records; every fourth is aborted.
func transact(stopping context.Context, load spec) error {
	var client *kgo.Client
	defer func() {
		if client != nil {
			client.Close()
		}
	}()
	for transaction := 0; stopping.Err() == nil; transaction++ {
		if client == nil {
			opened, err := kgo.NewClient(transactionalOptions(load, load.Name)...)
			if err != nil {
				return err
			}
			client = opened
		}
		begun, err := transactOnce(client, load, transaction)
		switch {
		case err != nil && begun:
			print("unknown", transaction, oneLine(err))
		case err != nil:
			print("retried", transaction, oneLine(err))
		case transaction%4 == 3:
			print("aborted", transaction)
		default:
			print("committed", transaction)
		}
		if err != nil {
			client.Close()
			client = nil
		}
		load.pause()
	}
	return nil
}

func transactOnce(client *kgo.Client, load spec, transaction int) (begun bool, err error) {
	ctx := context.Background()
	if err := client.BeginTransaction(); err != nil {
		return false, err
	}
	first := kgo.AbortingFirstErrPromise(client)
	for index := range 10 {
		value := fmt.Sprintf("%s %d %d ", load.Name, transaction, index)
		client.Produce(ctx, load.record(index, value), first.Promise())
	}
	if err := client.Flush(ctx); err != nil {
		return true, err
	}
	if err := first.Err(); err != nil {
		return true, err
	}
	return true, client.EndTransaction(ctx, kgo.TransactionEndTry(transaction%4 != 3))
}

func transformAll(stopping context.Context, load spec) error {
	var all sync.WaitGroup
	for instance := range load.Instances {
		all.Go(func() { transform(stopping, load, fmt.Sprintf("%s-%d", load.Name, instance)) })
	}
	all.Wait()
	return nil
}

// transform consumes, processes and produces; every fourth transaction is aborted, its records marked as dropped.
func transform(stopping context.Context, load spec, id string) {
	for stopping.Err() == nil {
		options := append(load.groupOptions(load.Group, load.Protocol), transactionalOptions(load, id)...)
		options = append(options, kgo.FetchIsolationLevel(kgo.ReadCommitted()), kgo.RequireStableFetchOffsets())
		session, err := kgo.NewGroupTransactSession(options...)
		if err != nil {
			print("failed", oneLine(err))
			return
		}
		// What a session before it left open is over before offsets are asked for.
		_, _, err = session.Client().ProducerID(stopping)
		for round := 1; stopping.Err() == nil && err == nil; round++ {
			err = transformOnce(stopping, session, load, round%4 == 0)
		}
		if err != nil {
			print("retried", oneLine(err))
		}
		session.Close()
	}
}

func transformOnce(stopping context.Context, session *kgo.GroupTransactSession, load spec, drops bool) error {
	fetches := session.PollRecords(stopping, 50)
	if fetches.NumRecords() == 0 {
		return nil
	}
	if err := session.Begin(); err != nil {
		return err
	}
	ctx := context.Background()
	first := kgo.AbortingFirstErrPromise(session.Client())
	fetches.EachRecord(func(record *kgo.Record) {
		value := record.Value
		if drops {
			value = append([]byte("dropped "), value...)
		}
		session.Produce(ctx, &kgo.Record{Topic: load.To, Partition: record.Partition, Key: record.Key, Value: value},
			first.Promise())
	})
	if err := session.Client().Flush(ctx); err != nil {
		return err
	}
	wanted := kgo.TransactionEndTry(!drops && first.Err() == nil)
	committed, err := session.End(ctx, wanted)
	if err != nil {
		return err
	}
	word := "aborted"
	if committed {
		word = "committed"
	}
	print(word, fetches.NumRecords())
	return nil
}
