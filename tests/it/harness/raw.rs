//! A server on loopback that misbehaves as it is told: bytes as they are given, silences, trickles, resets, endless bodies.

use super::http::{Request, read};
use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// One thing that the server does after it has read a request.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    /// Sends bytes.
    Send(Vec<u8>),
    /// Sends a block so many times.
    Repeat(Vec<u8>, u64),
    /// Sends bytes one by one, with a pause before each.
    Trickle(Vec<u8>, Duration),
    /// Does nothing more, and keeps the connection.
    Hang,
    /// Resets the connection.
    Reset,
}

#[derive(Default)]
struct Shared {
    acts: Mutex<HashMap<String, Vec<Act>>>,
    seen: Mutex<Vec<Request>>,
    sent: Mutex<HashMap<String, u64>>,
}

/// The server; it ends with the test.
pub(crate) struct Raw {
    pub(crate) address: SocketAddr,
    shared: Arc<Shared>,
    scheme: &'static str,
    _task: JoinSet<()>,
}

impl Raw {
    pub(crate) async fn start(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let scheme = if tls.is_some() { "https" } else { "http" };
        let for_task = Arc::clone(&shared);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (shared, tls) = (Arc::clone(&for_task), tls.clone());
                connections.spawn(async move {
                    if let Some(tls) = tls {
                        if let Ok(mut stream) = tls.accept(stream).await {
                            let _ = serve(&mut stream, &shared).await;
                            let _ = stream.shutdown().await;
                        }
                    } else {
                        let mut stream = stream;
                        if let Ok(true) = serve(&mut stream, &shared).await {
                            stream.set_zero_linger().unwrap();
                        }
                    }
                });
            }
        });
        Self { address, shared, scheme, _task: task }
    }

    /// Says what is done at a path.
    pub(crate) fn play(&self, path: &str, acts: Vec<Act>) {
        self.shared.acts.lock().unwrap().insert(path.to_owned(), acts);
    }

    /// The address of a path, by the name that certificates are made out to where there is TLS.
    pub(crate) fn url(&self, path: &str) -> String {
        let host = if self.scheme == "https" { "localhost" } else { "127.0.0.1" };
        format!("{}://{host}:{}{path}", self.scheme, self.address.port())
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// Bytes that were taken off it for a path.
    pub(crate) fn sent(&self, path: &str) -> u64 {
        self.shared.sent.lock().unwrap().get(path).copied().unwrap_or_default()
    }
}

/// Answers one request; whether the connection is to be reset.
async fn serve(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), shared: &Shared) -> io::Result<bool> {
    let mut buffer = Vec::new();
    let Some(request) = read(stream, &mut buffer).await else { return Ok(false) };
    let path = request.path.clone();
    shared.seen.lock().unwrap().push(request);
    let acts = shared.acts.lock().unwrap().get(&path).cloned().unwrap_or_default();
    let count = |bytes: usize| *shared.sent.lock().unwrap().entry(path.clone()).or_default() += bytes as u64;
    for act in acts {
        match act {
            Act::Send(bytes) => {
                stream.write_all(&bytes).await?;
                count(bytes.len());
            }
            Act::Repeat(block, times) => {
                for _ in 0..times {
                    stream.write_all(&block).await?;
                    count(block.len());
                }
            }
            Act::Trickle(bytes, pause) => {
                for byte in bytes {
                    // The slowness is what the test is about.
                    tokio::time::sleep(pause).await;
                    stream.write_all(&[byte]).await?;
                    stream.flush().await?;
                    count(1);
                }
            }
            Act::Hang => {
                stream.flush().await?;
                std::future::pending::<()>().await;
            }
            Act::Reset => {
                stream.flush().await?;
                return Ok(true);
            }
        }
    }
    stream.flush().await?;
    Ok(false)
}
