//! The demo's mailbox: an SMTP server of a few commands (RFC 5321) that keeps what it is given.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Largest mail that is taken, in bytes.
const CAP: usize = 1 << 20;

/// The mails received, oldest first, as raw messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Mailbox(Arc<Mutex<Vec<Vec<u8>>>>);

impl Mailbox {
    /// What was received so far.
    pub(super) fn mails(&self) -> Vec<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes mail until told to stop.
    pub(super) async fn serve(self, listener: TcpListener, stop: CancellationToken) {
        let sessions = TaskTracker::new();
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                accepted = listener.accept() => {
                    let Ok((stream, _)) = accepted else { return };
                    let (mailbox, stop) = (self.clone(), stop.clone());
                    sessions.spawn(async move {
                        tokio::select! {
                            () = stop.cancelled() => {}
                            // A client that breaks off has given up its mail; what was accepted is kept.
                            _ = mailbox.session(stream) => {}
                        }
                    });
                }
            }
        }
    }

    async fn session(&self, stream: TcpStream) -> std::io::Result<()> {
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read);
        write.write_all(b"220 localhost openline demo\r\n").await?;
        let mut line = String::new();
        loop {
            line.clear();
            if lines.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            let verb: String = line.chars().take(4).collect::<String>().to_ascii_uppercase();
            let reply: &[u8] = match verb.as_str() {
                "EHLO" => b"250-localhost\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
                "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 ok\r\n",
                "QUIT" => {
                    return write.write_all(b"221 bye\r\n").await;
                }
                "DATA" => {
                    write.write_all(b"354 go on\r\n").await?;
                    self.data(&mut lines).await?;
                    b"250 kept\r\n"
                }
                _ => b"502 unknown\r\n",
            };
            write.write_all(reply).await?;
        }
    }

    /// Reads a message to its final dot, taking away the dots that were doubled.
    async fn data(&self, lines: &mut (impl AsyncBufReadExt + Unpin)) -> std::io::Result<()> {
        let mut mail = Vec::new();
        let mut line = Vec::new();
        loop {
            line.clear();
            if lines.read_until(b'\n', &mut line).await? == 0 || line == b".\r\n" {
                break;
            }
            let text = if line.starts_with(b".") { line.get(1..).unwrap_or_default() } else { &line };
            if mail.len() + text.len() <= CAP {
                mail.extend_from_slice(text);
            }
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(mail);
        Ok(())
    }
}
