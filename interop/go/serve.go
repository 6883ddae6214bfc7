package main

import (
	"bufio"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
)

// asked is a request to open or to seal; its claims are the answer to the former.
type asked struct {
	Do         string `json:"do"`
	KeyText    string `json:"key_text"`
	CookieName string `json:"cookie_name"`
	Purpose    string `json:"purpose"`
	Binding    string `json:"binding"`
	Token      string `json:"token"`
	Now        uint64 `json:"now"`
	ValidAfter uint64 `json:"valid_after"`
	Policy     Policy `json:"policy"`
	Block      int    `json:"block"`
	Nonce      string `json:"nonce"`
	shown
}

type shown struct {
	Flags      byte     `json:"flags"`
	Schema     uint64   `json:"schema"`
	CreatedAt  uint64   `json:"created_at"`
	EndsAt     uint64   `json:"ends_at"`
	IssuedAt   uint64   `json:"issued_at"`
	ExpiresAt  uint64   `json:"expires_at"`
	SessionID  string   `json:"session_id"`
	Payload    string   `json:"payload"`
	Extensions [][2]any `json:"extensions"`
}

func must[T any](value T, err error) T {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	return value
}

func unhex(text string) []byte { return must(hex.DecodeString(text)) }

func (s shown) claims() Claims {
	claims := Claims{s.Flags, s.Schema, s.CreatedAt, s.EndsAt, s.IssuedAt, s.ExpiresAt, unhex(s.SessionID), unhex(s.Payload), nil}
	for _, entry := range s.Extensions {
		claims.Extensions = append(claims.Extensions, Extension{byte(entry[0].(float64)), unhex(entry[1].(string))})
	}
	return claims
}

func show(c Claims) shown {
	extensions := [][2]any{}
	for _, entry := range c.Extensions {
		extensions = append(extensions, [2]any{entry.Kind, hex.EncodeToString(entry.Value)})
	}
	id, payload := hex.EncodeToString(c.SessionID), hex.EncodeToString(c.Payload)
	return shown{c.Flags, c.Schema, c.CreatedAt, c.EndsAt, c.IssuedAt, c.ExpiresAt, id, payload, extensions}
}

func (a asked) answer() any {
	key := must(ParseKey(a.KeyText))
	naming := Naming{a.CookieName, a.Purpose, unhex(a.Binding)}
	if a.Do == "seal" {
		var nonce []byte
		if a.Nonce != "" {
			nonce = unhex(a.Nonce)
		}
		return map[string]string{"token": must(Seal(key, naming, a.claims(), a.Block, nonce))}
	}
	claims, err := Open(key, naming, a.Token, a.Now, a.ValidAfter, a.Policy)
	if err != nil {
		return map[string]string{"refused": err.Error()}
	}
	return show(claims)
}

// Answers requests, one JSON object a line: what interop/check.py talks to.
func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var request asked
		must(0, json.Unmarshal(lines.Bytes(), &request))
		fmt.Println(string(must(json.Marshal(request.answer()))))
	}
}
