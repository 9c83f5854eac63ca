// Package line serves a client's verbs: one JSON call a line on standard input, one answer a line
// on standard output (tests/interop/program.ts).
package line

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"sync"
	"time"
)

// Call is one request; each verb reads the fields it needs.
type Call struct {
	Verb       string            `json:"verb"`
	Topic      string            `json:"topic"`
	Topics     []string          `json:"topics"`
	Partitions int32             `json:"partitions"`
	Configs    map[string]string `json:"configs"`
	Name       string            `json:"name"`
	Value      string            `json:"value"`
	Codec      string            `json:"codec"`
	Idempotent bool              `json:"idempotent"`
	Records    []Record          `json:"records"`
	Group      string            `json:"group"`
	Count      int               `json:"count"`
	TimeoutMs  int               `json:"timeoutMs"`
	Protocol   string            `json:"protocol"`
	Assignor   string            `json:"assignor"`
	Member     string            `json:"member"`
	Isolation  string            `json:"isolation"`

	// The verb `transaction`.
	Op                   string `json:"op"`
	Producer             string `json:"producer"`
	TransactionalID      string `json:"transactionalId"`
	TransactionTimeoutMs int    `json:"transactionTimeoutMs"`
	Commit               bool   `json:"commit"`
	To                   string `json:"to"`
}

// Record is a record in both directions; bytes are base64, null is nil.
type Record struct {
	Topic     string       `json:"topic"`
	Partition int32        `json:"partition"`
	Offset    int64        `json:"offset"`
	Timestamp int64        `json:"timestamp"`
	Key       *string      `json:"key"`
	Value     *string      `json:"value"`
	Headers   [][2]*string `json:"headers"`
}

// PartitionLag is what the client's own admin call says of one partition.
type PartitionLag struct {
	Partition int32 `json:"partition"`
	Committed int64 `json:"committed"`
	End       int64 `json:"end"`
}

// Member is a consumer that polls in the background.
type Member interface{ Leave() error }

// Client is what a client library has to do.
type Client interface {
	CreateTopic(ctx context.Context, topic string, partitions int32, configs map[string]string) error
	AddPartitions(ctx context.Context, topic string, total int32) error
	DescribeTopic(ctx context.Context, topic string) (int, error)
	TopicConfig(ctx context.Context, topic, name string) (string, error)
	AlterConfig(ctx context.Context, topic, name, value string) error
	ListTopics(ctx context.Context) ([]string, error)
	DeleteTopic(ctx context.Context, topic string) error
	Produce(ctx context.Context, call Call) ([]int64, error)
	Consume(ctx context.Context, call Call) ([]Record, error)
	Join(call Call, assigned *Assigned) (Member, error)
	Lag(ctx context.Context, group, topic string) ([]PartitionLag, error)
	ListGroups(ctx context.Context) ([]string, error)
	DescribeGroup(ctx context.Context, group string) (string, int, error)
	DeleteGroup(ctx context.Context, group string) error
}

// Transactor is a client library with transactions.
type Transactor interface {
	Transaction(ctx context.Context, call Call) (map[string]any, error)
}

// Assigned is the set of partitions that a member holds now.
type Assigned struct {
	mutex sync.Mutex
	names map[string]bool
}

func (a *Assigned) Add(topic string, partitions []int32) { a.change(topic, partitions, true) }

func (a *Assigned) Remove(topic string, partitions []int32) { a.change(topic, partitions, false) }

func (a *Assigned) change(topic string, partitions []int32, held bool) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	for _, partition := range partitions {
		name := fmt.Sprintf("%s-%d", topic, partition)
		if held {
			a.names[name] = true
		} else {
			delete(a.names, name)
		}
	}
}

func (a *Assigned) list() []string {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	names := []string{}
	for name := range a.names {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// Encode gives bytes as base64, nil as null.
func Encode(bytes []byte) *string {
	if bytes == nil {
		return nil
	}
	text := base64.StdEncoding.EncodeToString(bytes)
	return &text
}

// Decode is the reverse of Encode; an empty value stays empty, not nil.
func Decode(text *string) []byte {
	if text == nil {
		return nil
	}
	bytes, err := base64.StdEncoding.DecodeString(*text)
	if err != nil {
		panic(err)
	}
	return bytes
}

type server struct {
	client   Client
	members  map[string]Member
	assigned map[string]*Assigned
}

// Serve answers calls until standard input ends.
func Serve(client Client) {
	serving := &server{client: client, members: map[string]Member{}, assigned: map[string]*Assigned{}}
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := json.NewEncoder(os.Stdout)
	for {
		text, err := in.ReadBytes('\n')
		if err != nil {
			return
		}
		var call Call
		if err := json.Unmarshal(text, &call); err != nil {
			panic(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 60*time.Second)
		result, err := serving.answer(ctx, call)
		cancel()
		if err != nil {
			out.Encode(map[string]any{"error": err.Error()})
		} else {
			out.Encode(map[string]any{"result": result})
		}
	}
}

func (s *server) answer(ctx context.Context, call Call) (map[string]any, error) {
	none := map[string]any{}
	one := func(name string, value any, err error) (map[string]any, error) {
		return map[string]any{name: value}, err
	}
	switch call.Verb {
	case "createTopic":
		return none, s.client.CreateTopic(ctx, call.Topic, call.Partitions, call.Configs)
	case "addPartitions":
		return none, s.client.AddPartitions(ctx, call.Topic, call.Partitions)
	case "describeTopic":
		partitions, err := s.client.DescribeTopic(ctx, call.Topic)
		return one("partitions", partitions, err)
	case "topicConfig":
		value, err := s.client.TopicConfig(ctx, call.Topic, call.Name)
		return one("value", value, err)
	case "alterConfig":
		return none, s.client.AlterConfig(ctx, call.Topic, call.Name, call.Value)
	case "listTopics":
		topics, err := s.client.ListTopics(ctx)
		return one("topics", topics, err)
	case "deleteTopic":
		return none, s.client.DeleteTopic(ctx, call.Topic)
	case "produce":
		offsets, err := s.client.Produce(ctx, call)
		return one("offsets", offsets, err)
	case "consume":
		records, err := s.client.Consume(ctx, call)
		return one("records", records, err)
	case "join":
		return none, s.join(call)
	case "assigned":
		return one("partitions", s.assigned[call.Member].list(), nil)
	case "leave":
		return none, s.members[call.Member].Leave()
	case "lag":
		partitions, err := s.client.Lag(ctx, call.Group, call.Topic)
		return one("partitions", partitions, err)
	case "listGroups":
		groups, err := s.client.ListGroups(ctx)
		return one("groups", groups, err)
	case "describeGroup":
		state, members, err := s.client.DescribeGroup(ctx, call.Group)
		return map[string]any{"state": state, "members": members}, err
	case "deleteGroup":
		return none, s.client.DeleteGroup(ctx, call.Group)
	case "transaction":
		if transactor, able := s.client.(Transactor); able {
			return transactor.Transaction(ctx, call)
		}
	}
	return nil, fmt.Errorf("unknown verb %q", call.Verb)
}

func (s *server) join(call Call) error {
	assigned := &Assigned{names: map[string]bool{}}
	member, err := s.client.Join(call, assigned)
	if err != nil {
		return err
	}
	s.members[call.Member] = member
	s.assigned[call.Member] = assigned
	return nil
}
