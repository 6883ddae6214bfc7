"""What `scripts/fleet` plays: four nodes, nginx before them, clients, faults. Loopback only, bounded in count and time."""

import collections
import http.client
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

hardtack, program = (str(pathlib.Path(path).resolve()) for path in sys.argv[1:3])
rotations, clients = int(sys.argv[3]), int(sys.argv[4])
scratch = pathlib.Path(tempfile.mkdtemp())
NODES = 4
# A new key seals six seconds after it came. Each file takes less than the propagation delay, but for the node that lags.
INIT = ["--propagation-delay", "5s", "--skew", "1s", "--token-life", "60s", "--seal-period", "20s"]
DELAYS = [0.2, 1.0, 2.0, 3.0]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def keyring(*arguments):
    return subprocess.run([hardtack, "keyring", *arguments], check=True, capture_output=True, text=True).stdout


class Node:
    def __init__(self, index):
        self.port, self.file, self.ahead = free_port(), scratch / f"node{index}.toml", "1" if index == 3 else "0"

    def start(self):
        environment = {"PORT": str(self.port), "HARDTACK_KEYS_FILE": str(self.file), "AHEAD": self.ahead}
        self.process = subprocess.Popen([program], env=environment)
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        sys.exit("a node did not start")

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait()

    def put(self, text):
        new = self.file.with_suffix(".new")
        new.write_text(text)
        new.chmod(0o600)
        new.rename(self.file)

    def events(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        connection.request("GET", "/events")
        return collections.Counter({line.rsplit(" ", 1)[0].strip(): int(line.rsplit(" ", 1)[1])
                                    for line in connection.getresponse().read().decode().splitlines()})


class Clients:
    """Each keeps one cookie, asks who it is, and says what came back."""

    def __init__(self, port):
        self.port, self.cookies, self.lock = port, {}, threading.Lock()
        self.counts, self.lost, self.running = collections.Counter(), set(), True

    def ask(self, connection, path, cookie=None):
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        response = connection.getresponse()
        body, set_cookie = response.read().decode(), response.getheader("Set-Cookie")
        return response.status, body, set_cookie.split(";")[0] if set_cookie else None

    def log_in(self, numbers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        for number in numbers:
            status, _, cookie = self.ask(connection, f"/login/{number}")
            assert status == 200 and cookie, status
            self.cookies[number] = cookie

    def run(self, numbers):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        while self.running:
            number = random.choice(numbers)
            try:
                status, body, cookie = self.ask(connection, "/who", self.cookies[number])
            except (OSError, http.client.HTTPException):
                connection.close()
                with self.lock:
                    self.counts["no answer"] += 1
                continue
            with self.lock:
                self.counts["requests"] += 1
                if status == 200 and body == str(number):
                    self.cookies[number] = cookie or self.cookies[number]
                elif status == 401 and body.startswith("held"):
                    self.counts["held"] += 1
                elif status == 401:
                    self.counts[body] += 1
                    self.lost.add(number)
                else:
                    self.counts[f"status {status}"] += 1
            time.sleep(0.002)


def nginx(port, nodes):
    servers = "".join(f"server 127.0.0.1:{node.port} max_fails=1 fail_timeout=1s;" for node in nodes)
    (scratch / "nginx.conf").write_text(f"""
        daemon off; pid {scratch}/nginx.pid; error_log {scratch}/error.log;
        events {{ worker_connections 1024; }}
        http {{
            access_log off; client_body_temp_path {scratch}/b; proxy_temp_path {scratch}/p;
            fastcgi_temp_path {scratch}/f; uwsgi_temp_path {scratch}/u; scgi_temp_path {scratch}/s;
            upstream fleet {{ {servers} }}
            server {{ listen 127.0.0.1:{port}; keepalive_requests 100000;
                location / {{ proxy_pass http://fleet; proxy_set_header Host $host; }} }}
        }}""")
    return subprocess.Popen(["nginx", "-c", str(scratch / "nginx.conf"), "-p", str(scratch), "-e", str(scratch / "error.log")])


def bring(nodes, text, delays):
    timers = [threading.Timer(delay, node.put, [text]) for node, delay in zip(nodes, delays)]
    for timer in timers:
        timer.start()
    return timers


def settled(everybody, what, seconds=8):
    """No request is held for a second, within this time."""
    until = time.time() + seconds
    while time.time() < until:
        before = everybody.counts["held"]
        time.sleep(1)
        if everybody.counts["held"] == before:
            return
    sys.exit(f"{what}: sessions are still held after {seconds} s")


def told(fault, everybody, before):
    print(f"  {fault}: {everybody.counts['held'] - before} answers held, {len(everybody.lost)} sessions lost")


def play(nodes, master, everybody):
    for number in range(1, rotations + 1):
        # Due from two seconds before the date on: a job would come by now and then.
        while "left as it is" in keyring("rotate", "--if-due", str(master)):
            time.sleep(0.5)
        before = everybody.counts["held"]
        bring(nodes, master.read_text(), DELAYS)
        time.sleep(8)
        told(f"rotation {number}, everybody in time", everybody, before)
        if everybody.counts["held"] != before:
            sys.exit("healthy nodes held sessions")
    text = master.read_text()

    before = everybody.counts["held"]
    nodes[1].put("not a keyring")
    time.sleep(3)
    told("a node with a bad file", everybody, before)
    if nodes[1].events()["key_source_failed"] < 1:
        sys.exit("the bad file was not told")
    nodes[1].put(text)

    before = everybody.counts["held"]
    nodes[0].stop()
    nodes[0].start()
    time.sleep(2)
    told("a node started anew", everybody, before)

    before = everybody.counts["held"]
    nodes[2].stop(signal.SIGKILL)
    time.sleep(2)
    nodes[2].start()
    time.sleep(2)
    told("a node killed", everybody, before)

    while "left as it is" in keyring("rotate", "--if-due", str(master)):
        time.sleep(0.5)
    before = everybody.counts["held"]
    bring(nodes, master.read_text(), [0.2, 0.2, 0.2, 9.0])
    time.sleep(9)
    settled(everybody, "a node that lags")
    told("a node that lags by four seconds", everybody, before)
    if len(everybody.lost) or everybody.counts["held"] == before:
        sys.exit("a lagging node must hold sessions, and lose none")


def revoke(nodes, master, everybody):
    keyring("revoke", "--all", str(master))
    bring(nodes, master.read_text(), [0.2] * NODES)
    time.sleep(4)
    print(f"  every key revoked: {len(everybody.lost)} of {clients} sessions lost, as meant")
    if len(everybody.lost) != clients:
        sys.exit("a revoked key must end its sessions")


def control(nodes, everybody):
    everybody.log_in(range(clients))
    time.sleep(0.5)
    everybody.lost.clear()
    keyring("init", str(scratch / "other.toml"), *INIT)
    text = (scratch / "other.toml").read_text()
    bring(nodes, text, [0.2] * NODES)
    time.sleep(3)
    print(f"  control, unannounced keys brought to running nodes: {len(everybody.lost)} lost, since the nodes refuse them")
    if everybody.lost:
        sys.exit("a running node took keys that strand sessions")
    before = everybody.counts["held"]
    for node in nodes:
        node.stop()
    for node in nodes:
        node.start()
    time.sleep(3)
    held = everybody.counts["held"] - before
    print(f"  control, the same with a restart: {held} answers held, and no session opens any more")
    if not held:
        sys.exit("the control lost nobody: this test shows nothing")


def main():
    master, nodes, port = scratch / "master.toml", [Node(index) for index in range(NODES)], free_port()
    keyring("init", str(master), *INIT)
    for node in nodes:
        node.put(master.read_text())
        node.start()
    proxy = nginx(port, nodes)
    everybody = Clients(port)
    try:
        time.sleep(1)
        everybody.log_in(range(clients))
        started = time.time()
        threads = [threading.Thread(target=everybody.run, args=[range(part, clients, 4)], daemon=True) for part in range(4)]
        for thread in threads:
            thread.start()
        play(nodes, master, everybody)
        bad = {name: count for name, count in everybody.counts.items() if name not in ("requests", "held", "no answer")}
        print(f"  {everybody.counts['requests']} requests in {time.time() - started:.0f} s, {clients} sessions, "
              f"{len(everybody.lost)} lost; answers that are no 200: {everybody.counts['held']} held, {bad or 'no other'}")
        if bad or everybody.lost:
            sys.exit("the bar is missed")
        revoke(nodes, master, everybody)
        control(nodes, everybody)
        everybody.running = False
        for thread in threads:
            thread.join()
    finally:
        for process in [proxy, *(node.process for node in nodes)]:
            process.terminate()
            process.wait()
        shutil.rmtree(scratch, ignore_errors=True)
    print("all as expected")


main()
