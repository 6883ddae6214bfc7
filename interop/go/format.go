// Opens and seals hardtack's tokens. Written from docs/FORMAT.md; section and step numbers are that page's.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/hkdf"
)

const (
	label      = "hardtack"
	headerSize = 29
	leastSize  = 68
	times      = uint64(1) << 40
)

// Refused says that a token is not accepted: a reason's name in the table of section 5.
type Refused string

func (reason Refused) Error() string { return string(reason) }

// Strict refuses spare bits; line ends, which the package would skip, are looked for by hand.
var base64url = base64.RawURLEncoding.Strict()

func decode(text string) ([]byte, error) {
	decoded, err := base64url.DecodeString(text)
	if err != nil || base64url.EncodeToString(decoded) != text {
		return nil, Refused("Encoding")
	}
	return decoded, nil
}

// Section 3: keys.

func lp(data []byte) []byte {
	return append(binary.BigEndian.AppendUint16(nil, uint16(len(data))), data...)
}

func join(parts ...[]byte) []byte { return bytes.Join(parts, nil) }

// Key is one secret and its suite.
type Key struct {
	suite byte
	prk   []byte
	id    []byte
}

func expand(prk, info []byte, length int) []byte {
	out := make([]byte, length)
	if _, err := io.ReadFull(hkdf.Expand(sha256.New, prk, info), out); err != nil {
		panic(err) // 32 bytes are within what HKDF can give
	}
	return out
}

// ParseKey reads a key's text.
func ParseKey(text string) (*Key, error) {
	fault := errors.New("this is no key text")
	if len(text) != 53 || text[:3] != "htk" || text[4] != '_' || text[3] != '1' && text[3] != '2' {
		return nil, fault
	}
	decoded, err := decode(text[5:])
	if err != nil || len(decoded) != 36 {
		return nil, fault
	}
	suite := text[3] - '0'
	sum := sha256.Sum256(join([]byte(label+"/v1/keytext"), []byte{suite}, decoded[:32]))
	if !bytes.Equal(sum[:4], decoded[32:]) {
		return nil, fault
	}
	prk := hkdf.Extract(sha256.New, decoded[:32], []byte(label+"/v1/extract"))
	return &Key{suite, prk, expand(prk, join([]byte(label+"/v1/kid"), []byte{suite}), 4)}, nil
}

func (key *Key) forCookie(name, purpose string) []byte {
	info := join([]byte(label+"/v1/key"), []byte{key.suite}, lp([]byte(name)), lp([]byte(purpose)))
	return expand(key.prk, info, 32)
}

// Section 1: the two suites.

// xaes is XAES-256-GCM as C2SP describes it: one derived key for each half nonce.
func xaes(key, nonce []byte) (cipher.AEAD, []byte, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, nil, err
	}
	var k1 [16]byte
	block.Encrypt(k1[:], k1[:])
	carry := k1[0] >> 7
	for i := 0; i < 15; i++ {
		k1[i] = k1[i]<<1 | k1[i+1]>>7
	}
	k1[15] = k1[15]<<1 ^ carry*0x87
	var derived [32]byte
	for half := 0; half < 2; half++ {
		message := derived[16*half : 16*half+16]
		copy(message, []byte{0, byte(half + 1), 'X', 0})
		copy(message[4:], nonce[:12])
		for i := range message {
			message[i] ^= k1[i]
		}
		block.Encrypt(message, message)
	}
	inner, err := aes.NewCipher(derived[:])
	if err != nil {
		return nil, nil, err
	}
	aead, err := cipher.NewGCM(inner)
	return aead, nonce[12:], err
}

func aead(suite byte, key, nonce []byte) (cipher.AEAD, []byte, error) {
	if suite == 1 {
		return xaes(key, nonce)
	}
	sealing, err := chacha20poly1305.NewX(key)
	return sealing, nonce, err
}

// Naming is what a token is bound to beside its key.
type Naming struct {
	Name, Purpose string
	Binding       []byte
}

// Sections 4 and 5.

// Seal makes a token. Without a nonce it takes a fresh one, as it must for every token.
func Seal(key *Key, naming Naming, claims Claims, block int, nonce []byte) (string, error) {
	if nonce == nil {
		nonce = make([]byte, 24)
		if _, err := rand.Read(nonce); err != nil {
			return "", err
		}
	}
	header := join([]byte{0x10 | key.suite}, key.id, nonce)
	sealing, inner, err := aead(key.suite, key.forCookie(naming.Name, naming.Purpose), nonce)
	if err != nil {
		return "", err
	}
	aad := join(header, lp(naming.Binding))
	token := base64url.EncodeToString(sealing.Seal(header, inner, claims.plaintext(block), aad))
	if len(naming.Name)+len(token) > 4096 {
		return "", errors.New("the session does not fit a cookie")
	}
	return token, nil
}

// decrypt does steps 1 to 5.
func decrypt(key *Key, naming Naming, token string) ([]byte, error) {
	if len(naming.Name)+len(token) > 4096 {
		return nil, Refused("TooLong")
	}
	sealed, err := decode(token)
	switch {
	case err != nil:
		return nil, err
	case len(sealed) == 0:
		return nil, Refused("TooShort")
	case sealed[0]>>4 != 1:
		return nil, Refused("Version")
	case sealed[0]&15 != 1 && sealed[0]&15 != 2:
		return nil, Refused("Suite")
	case len(sealed) < leastSize:
		return nil, Refused("TooShort")
	case !bytes.Equal(sealed[1:5], key.id):
		return nil, Refused("UnknownKey")
	case sealed[0]&15 != key.suite:
		return nil, Refused("Authentication")
	}
	opening, inner, err := aead(key.suite, key.forCookie(naming.Name, naming.Purpose), sealed[5:headerSize])
	if err != nil {
		return nil, err
	}
	plaintext, err := opening.Open(nil, inner, sealed[headerSize:], join(sealed[:headerSize], lp(naming.Binding)))
	if err != nil {
		return nil, Refused("Authentication")
	}
	return plaintext, nil
}

// Open returns the claims with the payload's bytes, or Refused. Whoever sent the token must not learn the reason.
func Open(key *Key, naming Naming, token string, now, validAfter uint64, policy Policy) (Claims, error) {
	plaintext, err := decrypt(key, naming, token)
	if err != nil {
		return Claims{}, err
	}
	claims, err := readPlaintext(plaintext)
	if err != nil {
		return Claims{}, err
	}
	return claims, policy.judge(claims, now, validAfter)
}
