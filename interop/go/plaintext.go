package main

import "encoding/binary"

// Claims is what a token says, with the payload's bytes.
type Claims struct {
	Flags                                  byte
	Schema                                 uint64
	CreatedAt, EndsAt, IssuedAt, ExpiresAt uint64
	SessionID, Payload                     []byte
	Extensions                             []Extension
}

// Extension is one entry of the extension block.
type Extension struct {
	Kind  byte
	Value []byte
}

// reader keeps the first fault, so that the fields can be read one after the other.
type reader struct {
	data []byte
	err  error
}

func (r *reader) take(length uint64) []byte {
	if r.err != nil || length > uint64(len(r.data)) {
		r.err = Refused("Format")
		return make([]byte, 1)
	}
	taken := r.data[:length]
	r.data = r.data[length:]
	return taken
}

func (r *reader) varint(below uint64) uint64 {
	value, size := binary.Uvarint(r.data)
	// Uvarint takes longer forms than the shortest: those end with a zero byte.
	if r.err != nil || size <= 0 || value >= below || size > 1 && r.data[size-1] == 0 {
		r.err = Refused("Format")
		return 0
	}
	r.data = r.data[size:]
	return value
}

func (r *reader) counted() []byte { return r.take(r.varint(1 << 16)) }

func readExtensions(r *reader) (entries []Extension) {
	block := reader{data: r.counted(), err: r.err}
	if len(block.data) == 0 {
		block.err = Refused("Format")
	}
	for block.err == nil && len(block.data) > 0 {
		entry := Extension{Kind: block.take(1)[0], Value: block.counted()}
		if len(entries) > 0 && entry.Kind <= entries[len(entries)-1].Kind {
			block.err = Refused("Format")
		}
		entries = append(entries, entry)
	}
	r.err = block.err
	return entries
}

func readPlaintext(plaintext []byte) (claims Claims, err error) {
	r := &reader{data: plaintext}
	claims.Flags = r.take(1)[0]
	if claims.Flags&^3 != 0 {
		return claims, Refused("Flags")
	}
	claims.Schema = r.varint(1 << 16)
	claims.CreatedAt = r.varint(times)
	claims.EndsAt = claims.CreatedAt + r.varint(times)
	claims.IssuedAt = claims.CreatedAt + r.varint(times)
	claims.ExpiresAt = claims.IssuedAt + r.varint(times)
	claims.SessionID, claims.Payload = r.take(16), r.counted()
	if claims.Flags&2 != 0 {
		claims.Extensions = readExtensions(r)
	}
	for _, padding := range r.data {
		if padding != 0 {
			r.err = Refused("Format")
		}
	}
	if r.err == nil && (claims.IssuedAt >= claims.ExpiresAt || claims.ExpiresAt > claims.EndsAt || claims.EndsAt >= times) {
		r.err = Refused("Format")
	}
	for _, entry := range claims.Extensions {
		if r.err == nil && entry.Kind < 128 { // this reader knows no critical one
			r.err = Refused("Extension")
		}
	}
	return claims, r.err
}

func (claims Claims) plaintext(block int) []byte {
	out := []byte{claims.Flags}
	created := claims.CreatedAt
	for _, number := range []uint64{claims.Schema, created, claims.EndsAt - created, claims.IssuedAt - created, claims.ExpiresAt - claims.IssuedAt} {
		out = binary.AppendUvarint(out, number)
	}
	out = append(out, claims.SessionID...)
	out = append(binary.AppendUvarint(out, uint64(len(claims.Payload))), claims.Payload...)
	if claims.Flags&2 != 0 {
		var entries []byte
		for _, entry := range claims.Extensions {
			entries = binary.AppendUvarint(append(entries, entry.Kind), uint64(len(entry.Value)))
			entries = append(entries, entry.Value...)
		}
		out = append(binary.AppendUvarint(out, uint64(len(entries))), entries...)
	}
	return append(out, make([]byte, (block-len(out)%block)%block)...)
}

// Policy is how long sessions live, in seconds.
type Policy struct {
	Idle               uint64 `json:"idle"`
	Absolute           uint64 `json:"absolute"`
	RememberedIdle     uint64 `json:"remembered_idle"`
	RememberedAbsolute uint64 `json:"remembered_absolute"`
	Skew               uint64 `json:"skew"`
}

// judge does steps 7 to 9. A deny-list, if you have one, is asked after this.
func (policy Policy) judge(claims Claims, now, validAfter uint64) error {
	idle, absolute := policy.Idle, policy.Absolute
	if claims.Flags&1 != 0 {
		idle, absolute = policy.RememberedIdle, policy.RememberedAbsolute
	}
	latest := now
	if validAfter > now {
		latest = validAfter
	}
	switch {
	case claims.IssuedAt > latest+policy.Skew:
		return Refused("NotYetValid")
	case now >= claims.EndsAt || now >= claims.CreatedAt+absolute:
		return Refused("AbsoluteTimeout")
	case now >= claims.ExpiresAt || now >= claims.IssuedAt+idle:
		return Refused("IdleTimeout")
	case claims.CreatedAt < validAfter:
		return Refused("Revoked")
	}
	return nil
}
