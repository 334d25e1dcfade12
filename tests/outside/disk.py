"""openline on a disk that is full and on one that is read-only: it says so, waits or stops, and loses nothing.

Usage: python tests/outside/disk.py OPENLINE
A small tmpfs is mounted for the state folder, which needs root; where it may not be mounted, the script says so loudly and ends
with 77 (the code by which automake knows a skipped test).
"""

import datetime
import hashlib
import hmac
import base64
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

OPENLINE = os.path.abspath(sys.argv[1])
KEY = b"0123456789abcdef0123456789abcdef"


class Receiver:
    """Serves a feed and takes webhooks."""

    def __init__(self):
        self.items, self.taken = [], []
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                items = "".join(receiver.items)
                self.answer(200, f"<?xml version='1.0'?><rss version='2.0'><channel><title>W</title>{items}</channel></rss>")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                signed = b".".join([self.headers["webhook-id"].encode(), self.headers["webhook-timestamp"].encode(), body])
                good = "v1," + base64.b64encode(hmac.new(KEY, signed, hashlib.sha256).digest()).decode()
                check(self.headers["webhook-signature"] == good, "a webhook is signed")
                receiver.taken.append((self.headers["webhook-id"], json.loads(body)["type"]))
                self.answer(200, "")

            def answer(self, status, text):
                self.send_response(status)
                self.send_header("content-type", "application/rss+xml")
                self.send_header("content-length", str(len(text.encode())))
                self.end_headers()
                self.wfile.write(text.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def publish(self, guid, title, summary):
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        self.items.insert(0, f"<item><guid>{guid}</guid><title>{title}</title><description>{summary}</description>"
                             f"<pubDate>{date}</pubDate></item>")


def check(good, words):
    if not good:
        raise SystemExit(f"FAILED: {words}")


def main():
    with tempfile.TemporaryDirectory(prefix="openline-") as scratch:
        folder = pathlib.Path(scratch)
        state = folder / "state"
        state.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m,mode=0700", "tmpfs", str(state)], capture_output=True, text=True)
        if mounted.returncode != 0:
            print(f"SKIPPED, NOTHING WAS CHECKED: no tmpfs may be mounted here: {mounted.stderr.strip()}", file=sys.stderr)
            sys.exit(77)
        try:
            trial(folder, state)
        finally:
            subprocess.run(["umount", str(state)], check=True)


def trial(folder, state):
    receiver = Receiver()
    (folder / "openline.toml").write_text(
        'sources = []\n[http]\nallow = ["127.0.0.1"]\n[[channel]]\nid = "hook"\ntype = "webhook"\n'
        f'url = "http://127.0.0.1:{receiver.port}/"\nsecret_env = "SECRET"\n'
        f'[[feed]]\nid = "wire"\nurl = "http://127.0.0.1:{receiver.port}/"\ntier = "wire"\nlanguage = "en"\n')
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "SECRET": "whsec_" + base64.b64encode(KEY).decode()}
    command = [OPENLINE, "run", "--once", "--config", "openline.toml", "--state", str(state)]

    def once(limit=120):
        """Exit code and words; a run that waits longer than the limit is ended in order, as systemd would."""
        running = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        try:
            said, _ = running.communicate(timeout=limit)
            return running.returncode, said
        except subprocess.TimeoutExpired:
            running.terminate()
            said, _ = running.communicate(timeout=30)
            return "waits", said

    code, said = once()
    check(code == 0, f"the first run: {code}: {said}")

    receiver.publish("one", "Rubio to visit Beijing next week",
                     "US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.")
    filler = state / "filler"
    with open(filler, "wb", buffering=0) as full:
        try:
            while True:
                full.write(b"x" * 4096)
        except OSError as error:
            check(error.errno == 28, f"the disk is not full but {error}")
    code, said = once(limit=25)
    check(code in (69, 75, "waits"), f"on a full disk: {code}: {said}")
    check("full" in said or "no space" in said.lower() or "disk I/O" in said, f"on a full disk it must say so: {said}")
    check(not receiver.taken, "nothing is told before it is written")
    filler.unlink()
    code, said = once()
    check(code == 0, f"with room again: {code}: {said}")
    check([kind for _, kind in receiver.taken] == ["contact.opened"], f"with room again: {receiver.taken}")
    print("full disk: it says so, tells nothing that is not written, and tells all of it once there is room")

    receiver.publish("two", "Rubio postpones Beijing visit",
                     "US Secretary of State Marco Rubio has postponed his visit to Beijing next week, the State Department said.")
    subprocess.run(["mount", "-o", "remount,ro", str(state)], check=True)
    code, said = once(limit=25)
    subprocess.run(["mount", "-o", "remount,rw", str(state)], check=True)
    check(code in (69, 75), f"on a read-only disk: {code}: {said}")
    check("read-only" in said.lower() or "readonly" in said.lower(), f"on a read-only disk it must say so: {said}")
    check(len(receiver.taken) == 1, "nothing is told that cannot be written")
    code, said = once()
    check(code == 0, f"writable again: {code}: {said}")
    check([kind for _, kind in receiver.taken] == ["contact.opened", "contact.status"], f"writable again: {receiver.taken}")
    print("read-only disk: it ends and says so; once it is writable, all is told, once")


main()
