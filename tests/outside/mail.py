"""openline against real mail servers on loopback: Postfix (Debian) and aiosmtpd (PyPI), read back with Python's own email package.

Usage: python tests/outside/mail.py OPENLINE [postfix] [aiosmtpd]
A feed is served over HTTP, `openline run --once` polls it three times (first sight, announcement, postponement), and what
arrived is checked: STARTTLS with a certificate that is verified, login, threads, one mail for each change, retries after 451,
burial after 550, nothing sent where the certificate is wrong. Exit code 0, or an error that says what failed.
"""


import contextlib
import datetime
import email
import email.policy
import http.server
import logging
import os
import pathlib
import pwd
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time

OPENLINE = os.path.abspath(sys.argv[1])
WANTED = sys.argv[2:] or ["postfix", "aiosmtpd"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificates(folder):
    """An authority of our own, a certificate for `localhost`, and one for another name."""
    run = lambda *words: subprocess.run(["openssl", *words], check=True, cwd=folder, capture_output=True)
    run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=test authority")
    for name, host in [("good", "localhost"), ("wrong", "other.example")]:
        run("req", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", f"/CN={host}")
        (folder / f"{name}.ext").write_text(f"subjectAltName=DNS:{host}\nextendedKeyUsage=serverAuth\n")
        run("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-out", f"{name}.pem", "-extfile", f"{name}.ext")


class Feed:
    """An RSS feed over HTTP that grows."""

    def __init__(self):
        self.items = []
        feed = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = feed.document().encode()
                self.send_response(200)
                self.send_header("content-type", "application/rss+xml")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.port = self.server.server_address[1]

    def publish(self, guid, title, summary):
        date = datetime.datetime.now(datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT")
        self.items.insert(0, f"<item><guid>{guid}</guid><title>{title}</title><description>{summary}</description>"
                             f"<link>https://news.example/{guid}</link><pubDate>{date}</pubDate></item>")

    def document(self):
        return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Wire</title>{''.join(self.items)}</channel></rss>"


class Desk:
    """A configuration, a state folder, and the program on them."""

    def __init__(self, folder, port, authority, extra="", to=("desk@localhost",)):
        self.folder, self.authority, self.feed = folder, authority, Feed()
        folder.mkdir()
        recipients = ", ".join(f'"{one}"' for one in to)
        (folder / "password").write_text("correct horse 电池")
        os.chmod(folder / "password", 0o600)
        (folder / "openline.toml").write_text(
            f'sources = []\n[http]\nallow = ["127.0.0.1"]\n[mail]\nhost = "openline.example"\n'
            f'[[channel]]\nid = "mail"\ntype = "email"\nhost = "localhost"\nport = {port}\ntimeout = "20s"\n{extra}'
            f'from = "openline 警报 <openline@localhost.localdomain>"\nto = [{recipients}]\n'
            f'[[feed]]\nid = "wire"\nurl = "http://127.0.0.1:{self.feed.port}/"\ntier = "wire"\nlanguage = "en"\n')

    def openline(self, *words):
        env = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "SSL_CERT_FILE": str(self.authority)}
        command = [OPENLINE, *words, "--config", "openline.toml"] + (["--state", "state"] if words[0] != "notify" else [])
        done = subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, timeout=180)
        return done.returncode, done.stdout + done.stderr

    def once(self, expected):
        code, said = self.openline("run", "--once")
        check(code == expected, f"run --once ended with {code}, not {expected}:\n{said}")
        return said

    def story(self):
        self.once(0)
        self.feed.publish("announced", "Rubio to visit Beijing next week",
                          "US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.")
        self.once(0)
        self.feed.publish("postponed", "Rubio postpones Beijing visit",
                          "US Secretary of State Marco Rubio has postponed his visit to Beijing next week, the State Department said.")
        self.once(0)


def check(good, words):
    if not good:
        raise SystemExit(f"FAILED: {words}")


def read_back(mails):
    """Two mails of one thread, as they were meant."""
    mails = [email.message_from_bytes(mail, policy=email.policy.default) for mail in mails]
    mails.sort(key=lambda mail: mail["subject"])
    check(len(mails) == 2, f"{len(mails)} mails arrived, not 2: {[mail['subject'] for mail in mails]}")
    check([mail["subject"].split("]")[0] for mail in mails] == ["[POSTPONED", "[SCHEDULED"],
          f"subjects: {[mail['subject'] for mail in mails]}")
    roots = {mail["references"] for mail in mails} | {mail["in-reply-to"] for mail in mails}
    check(len(roots) == 1 and None not in roots, f"the mails are not one thread: {roots}")
    check(len({mail["message-id"] for mail in mails}) == 2, "each mail has a Message-ID of its own")
    for mail in mails:
        check(mail["from"].addresses[0].display_name == "openline 警报", f"sender: {mail['from']}")
        check(mail["auto-submitted"] == "auto-generated", "it says that a program wrote it")
        check(not mail.defects and all(not part.defects for part in mail.walk()), f"defects: {mail.defects}")
        text, html = mail.get_body(("plain",)).get_content(), mail.get_body(("html",)).get_content()
        check("Rubio" in text and "<html" in html and "Rubio" in html, "both bodies tell it")
        check(mail["date"].datetime.tzinfo is not None, f"date: {mail['date']}")


# ── aiosmtpd ──────────────────────────────────────────────────────────────────────────────────────────────────────────

def with_aiosmtpd(folder):
    logging.getLogger("mail.log").setLevel(logging.ERROR)
    from aiosmtpd.controller import Controller
    from aiosmtpd.smtp import AuthResult, LoginPassword

    class Relay:
        def __init__(self):
            self.mails, self.answers, self.logins = [], [], []

        async def handle_RCPT(self, _server, _session, envelope, address, _options):
            if self.answers:
                answer = self.answers.pop(0)
                if answer == "drop":
                    _session.transport = None
                    raise ConnectionResetError
                return answer
            envelope.rcpt_tos.append(address)
            return "250 ok"

        async def handle_DATA(self, _server, _session, envelope):
            self.mails.append(envelope.content)
            return "250 taken"

        async def handle_exception(self, error):
            return "421 4.3.0 broken"

        def login(self, _server, _session, _envelope, mechanism, data):
            good = isinstance(data, LoginPassword) and data.password.decode() == "correct horse 电池"
            self.logins.append((mechanism, good))
            return AuthResult(success=good)

    def start(certificate, mechanisms=()):
        relay = Relay()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(folder / f"{certificate}.pem", folder / f"{certificate}.key")
        port = free_port()
        controller = Controller(relay, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True,
                                authenticator=relay.login, auth_required=True, auth_exclude_mechanism=list(mechanisms))
        controller.start()
        return relay, controller, port

    login = 'user = "desk"\npassword_file = "password"\n'
    for number, excluded in enumerate([["LOGIN"], ["PLAIN"]]):
        relay, controller, port = start("good", excluded)
        Desk(folder / f"login{number}", port, folder / "ca.pem", login).story()
        read_back(relay.mails)
        check(relay.logins and all(good for _, good in relay.logins), f"logins: {relay.logins}")
        controller.stop()
    print("aiosmtpd: STARTTLS, AUTH PLAIN and AUTH LOGIN, two mails in one thread")

    relay, controller, port = start("good")
    desk = Desk(folder / "later", port, folder / "ca.pem", login)
    desk.once(0)
    desk.feed.publish("announced", "Rubio to visit Beijing next week",
                      "US Secretary of State Marco Rubio will visit Beijing next week, the State Department said.")
    relay.answers = ["451 4.7.1 greylisted"]
    desk.once(75)
    time.sleep(7)
    desk.once(0)
    check(len(relay.mails) == 1, f"after 451: {len(relay.mails)} mails")
    relay.answers = ["550 5.1.1 no such user"]
    desk.feed.publish("postponed", "Rubio postpones Beijing visit",
                      "US Secretary of State Marco Rubio has postponed his visit to Beijing next week, the State Department said.")
    desk.once(75)
    code, said = desk.openline("outbox", "list")
    check(code == 0 and "given up" in said and "550" in said, f"outbox list: {said}")
    check(len(relay.mails) == 1, f"after 550: {len(relay.mails)} mails")
    code, said = desk.openline("outbox", "retry", "--all-buried")
    check(code == 0, f"outbox retry: {said}")
    desk.once(0)
    check(len(relay.mails) == 2, f"after the retry: {len(relay.mails)} mails")
    controller.stop()
    print("aiosmtpd: 451 is tried again, 550 is given up at once, outbox retry sends it after all")

    for certificate, authority, why in [("wrong", "ca.pem", "another name"), ("good", "wrong.pem", "an unknown authority")]:
        relay, controller, port = start(certificate)
        desk = Desk(folder / f"tls-{certificate}", port, folder / authority, login)
        code, said = desk.openline("notify", "test")
        check(code == 75 and "certificate" in said.lower(), f"a certificate of {why}: exit {code}: {said}")
        check(not relay.mails and not relay.logins, f"a certificate of {why}: something was sent")
        controller.stop()
    print("aiosmtpd: certificates of another name and of an unknown authority are refused, nothing is sent")


# ── Postfix ───────────────────────────────────────────────────────────────────────────────────────────────────────────

@contextlib.contextmanager
def postfix(folder):
    """A Postfix of our own: its configuration, queue and port, mails into a Maildir."""
    etc, queue, data, box = folder / "postfix", folder / "queue", folder / "data", folder / "box"
    owner = pwd.getpwnam("postfix")
    for path in (etc, queue, data, box):
        path.mkdir()
    os.chmod(folder, 0o755)
    os.chown(data, owner.pw_uid, owner.pw_gid)
    os.chown(box, owner.pw_uid, owner.pw_gid)
    port = free_port()
    shutil.copy("/usr/share/postfix/main.cf.dist" if os.path.exists("/usr/share/postfix/main.cf.dist") else "/etc/postfix/main.cf",
                etc / "main.cf")
    (etc / "main.cf").write_text(f"""
compatibility_level = 3.6
queue_directory = {queue}
data_directory = {data}
mail_owner = postfix
setgid_group = postdrop
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
myhostname = localhost
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
maillog_file = /dev/stdout
maillog_file_prefixes = /dev, {folder}
virtual_mailbox_domains = localhost
virtual_mailbox_base = {box}
virtual_mailbox_maps = inline:{{ desk@localhost=desk/ }}
virtual_uid_maps = static:{owner.pw_uid}
virtual_gid_maps = static:{owner.pw_gid}
virtual_minimum_uid = 1
smtpd_tls_cert_file = {folder}/good.pem
smtpd_tls_key_file = {folder}/good.key
smtpd_tls_security_level = encrypt
smtpd_tls_received_header = yes
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
""")
    service = lambda name, kind, *rest: f"{name} {kind} - - n {' '.join(rest)}\n"
    (etc / "master.cf").write_text("".join([
        f"127.0.0.1:{port} inet n - n - - smtpd\n", "postlog unix-dgram n - n - 1 postlogd\n",
        "cleanup unix n - n - 0 cleanup\n", "qmgr unix n - n 300 1 qmgr\n", "rewrite unix - - n - - trivial-rewrite\n",
        "bounce unix - - n - 0 bounce\n", "defer unix - - n - 0 bounce\n", "trace unix - - n - 0 bounce\n",
        "verify unix - - n - 1 verify\n", "virtual unix - n n - - virtual\n", "error unix - - n - - error\n",
        "retry unix - - n - - error\n", "anvil unix - - n - 1 anvil\n", "tlsmgr unix - - n 1000? 1 tlsmgr\n",
        "proxymap unix - - n - - proxymap\n", "scache unix - - n - 1 scache\n", "lmtp unix - - n - - lmtp\n",
        "smtp unix - - n - - smtp\n", "relay unix - - n - - smtp\n", "showq unix n - n - - showq\n", "flush unix n - n 1000? 0 flush\n",
        "pickup unix n - n 60 1 pickup\n",
    ]))
    words = ["postfix", "-c", str(etc)]
    said = open(folder / "postfix.log", "wb")
    running = subprocess.Popen([*words, "start-fg"], stdout=said, stderr=subprocess.STDOUT)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as probe:
                if probe.recv(3) == b"220":
                    break
            check(running.poll() is None, "Postfix did not start:\n" + (folder / "postfix.log").read_text())
            time.sleep(0.1)
        else:
            check(False, "Postfix does not answer:\n" + (folder / "postfix.log").read_text())
        yield port, box / "desk"
    finally:
        subprocess.run([*words, "stop"], stdout=said, stderr=said)
        running.wait(timeout=30)


def with_postfix(folder):
    with postfix(folder) as (port, box):
        desk = Desk(folder / "story", port, folder / "ca.pem")
        desk.story()
        for _ in range(100):
            mails = list((box / "new").glob("*")) if (box / "new").exists() else []
            if len(mails) >= 2:
                break
            time.sleep(0.1)
        check(len(mails) == 2, f"{len(mails)} mails in the Maildir:\n" + (folder / "postfix.log").read_text())
        bytes_of = [mail.read_bytes() for mail in mails]
        check(all(b"using TLSv1." in mail for mail in bytes_of), "each mail came over TLS")
        read_back(bytes_of)
        stranger = Desk(folder / "stranger", port, folder / "ca.pem", to=("nobody@localhost",))
        code, said = stranger.openline("notify", "test")
        check(code == 69 and "given up" in said and "550" in said, f"an unknown mailbox: exit {code}: {said}")
    print("Postfix: STARTTLS, Maildir, two mails in one thread; an unknown mailbox is given up at once")


def main():
    for name in WANTED:
        with tempfile.TemporaryDirectory(prefix="openline-") as scratch:
            folder = pathlib.Path(scratch)
            certificates(folder)
            {"postfix": with_postfix, "aiosmtpd": with_aiosmtpd}[name](folder)


main()
