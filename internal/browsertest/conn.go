package browsertest

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// patience is how long the browser may take for one answer.
const patience = 60 * time.Second

// message is one message of the protocol, either way.
type message struct {
	ID      int             `json:"id,omitempty"`
	Session string          `json:"sessionId,omitempty"`
	Method  string          `json:"method,omitempty"`
	Params  any             `json:"params,omitempty"`
	Result  json.RawMessage `json:"result,omitempty"`
	Error   *struct {
		Message string `json:"message"`
	} `json:"error,omitempty"`
}

// event is what the browser tells unasked.
type event struct {
	Session string          `json:"sessionId"`
	Method  string          `json:"method"`
	Params  json.RawMessage `json:"params"`
}

// conn is a connection to the browser: JSON messages that end with a zero byte.
// Pipes and not a web socket: no port to collide with other tests, no library, and the browser ends with
// them.
type conn struct {
	w  io.WriteCloser
	r  io.ReadCloser
	mu sync.Mutex // of all below

	last    int
	waiting map[int]chan message
	hear    map[string]func(event) // by session
	err     error
}

func newConn(w io.WriteCloser, r io.ReadCloser) *conn {
	c := &conn{w: w, r: r, waiting: map[int]chan message{}, hear: map[string]func(event){}}
	go c.read()
	return c
}

func (c *conn) close() {
	c.w.Close()
	c.r.Close()
}

func (c *conn) read() {
	in := bufio.NewReader(c.r)
	for {
		text, err := in.ReadBytes(0)
		if err != nil {
			c.fail(fmt.Errorf("the browser has gone: %w", err))
			return
		}
		text = text[:len(text)-1]
		// Answers have an id, events a session and a method. One message type could hold both, but then
		// Params would have to be raw for sending too.
		var m message
		var e event
		if err := errors.Join(json.Unmarshal(text, &m), json.Unmarshal(text, &e)); err != nil {
			c.fail(err)
			return
		}
		c.mu.Lock()
		answer, hear := c.waiting[m.ID], c.hear[e.Session]
		delete(c.waiting, m.ID)
		c.mu.Unlock()
		switch {
		case answer != nil:
			answer <- m
		case m.ID == 0 && hear != nil:
			hear(e)
		}
	}
}

// listen sends the events of a session to hear.
func (c *conn) listen(session string, hear func(event)) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hear[session] = hear
}

// fail answers everybody who waits.
// Closing the channels rather than sending on them reaches whoever waits, and those who come later see err.
func (c *conn) fail(err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = err
	for id, answer := range c.waiting {
		delete(c.waiting, id)
		close(answer)
	}
}

// call asks for something and waits for the answer, which goes to result unless that is nil.
func (c *conn) call(session, method string, params, result any) error {
	// Room for one, so that an answer after patience has run out does not block the reader for everybody.
	answer := make(chan message, 1)
	c.mu.Lock()
	c.last++
	m := message{ID: c.last, Session: session, Method: method, Params: params}
	// Registered before it is sent: the answer may arrive before Write returns.
	c.waiting[m.ID] = answer
	err := c.err
	c.mu.Unlock()
	if err != nil {
		return err
	}
	text, err := json.Marshal(m)
	if err != nil {
		return err
	}
	if _, err := c.w.Write(append(text, 0)); err != nil {
		return err
	}
	select {
	case got, ok := <-answer:
		switch {
		case !ok:
			return c.err
		case got.Error != nil:
			return fmt.Errorf("%s: %s", method, got.Error.Message)
		case result != nil:
			return json.Unmarshal(got.Result, result)
		}
		return nil
	case <-time.After(patience):
		return fmt.Errorf("%s: no answer", method)
	}
}
