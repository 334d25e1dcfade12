//! A small HTTP/1.1 server on loopback: routes are closures, every request is recorded.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path with query.
    pub(crate) path: String,
    /// Names in lower case, values byte for byte.
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Request {
    /// The first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_slice())
    }
}

/// An answer to give.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
    /// How long to keep the client waiting before the first byte.
    pub(crate) delay: Duration,
    /// Whether to break the connection off in the middle of the body.
    pub(crate) broken: bool,
    /// Whether to fall silent in the middle of the body.
    pub(crate) stalled: bool,
    /// Whether to send the body in chunks, without announcing its length.
    pub(crate) chunked: bool,
}

impl Reply {
    pub(crate) fn new(status: u16, body: impl Into<Vec<u8>>) -> Self {
        let (headers, delay) = (Vec::new(), Duration::ZERO);
        Self { status, headers, body: body.into(), delay, broken: false, stalled: false, chunked: false }
    }

    pub(crate) fn ok(body: impl Into<Vec<u8>>) -> Self {
        Self::new(200, body)
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::new(status, "moved").header("location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }
}

type Route = Arc<dyn Fn(&Request) -> Reply + Send + Sync>;

#[derive(Default)]
struct Shared {
    routes: Mutex<HashMap<String, Route>>,
    seen: Mutex<Vec<Request>>,
    connections: Mutex<usize>,
}

/// The server; it stops when dropped, for then its task is aborted.
pub(crate) struct Server {
    address: SocketAddr,
    shared: Arc<Shared>,
    _task: JoinSet<()>,
}

impl Server {
    /// Starts a server on a free port of 127.0.0.1. Unknown paths are answered with 404.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let for_task = Arc::clone(&shared);
        let mut task = JoinSet::new();
        task.spawn(async move {
            // Its connections end with it.
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                *for_task.connections.lock().unwrap() += 1;
                connections.spawn(serve(stream, Arc::clone(&for_task)));
            }
        });
        Self { address, shared, _task: task }
    }

    /// Answers a path (without its query) by a closure; a later route for the same path replaces the earlier.
    pub(crate) fn route(&self, path: &str, answer: impl Fn(&Request) -> Reply + Send + Sync + 'static) {
        self.shared.routes.lock().unwrap().insert(path.to_owned(), Arc::new(answer));
    }

    /// Answers a path always alike.
    pub(crate) fn fixed(&self, path: &str, reply: Reply) {
        self.route(path, move |_| reply.clone());
    }

    /// The absolute address of a path.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Request> {
        self.shared.seen.lock().unwrap().clone()
    }

    /// How many connections were accepted.
    pub(crate) fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }
}

async fn serve(mut stream: TcpStream, shared: Arc<Shared>) {
    let mut buffer = Vec::new();
    while let Some(request) = read(&mut stream, &mut buffer).await {
        let path = request.path.split('?').next().unwrap_or_default().to_owned();
        let route = shared.routes.lock().unwrap().get(&path).cloned();
        let reply = route.map_or_else(|| Reply::new(404, "no such page"), |route| route(&request));
        shared.seen.lock().unwrap().push(request);
        // The delay is what the test is about, not a wait for something.
        tokio::time::sleep(reply.delay).await;
        if write(&mut stream, &reply).await.is_err() || reply.broken {
            return;
        }
    }
}

pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin), buffer: &mut Vec<u8>) -> Option<Request> {
    let head_end = loop {
        if let Some(at) = buffer.windows(4).position(|w| w == b"\r\n\r\n") {
            break at;
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    };
    let head = buffer.drain(..head_end + 4).collect::<Vec<u8>>();
    let mut lines = head.split(|b| *b == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let first = String::from_utf8_lossy(lines.next()?).into_owned();
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let headers: Vec<(String, Vec<u8>)> = lines
        .filter_map(|line| {
            let colon = line.iter().position(|b| *b == b':')?;
            let name = String::from_utf8_lossy(&line[..colon]).to_ascii_lowercase();
            Some((name, line[colon + 1..].trim_ascii().to_vec()))
        })
        .collect();
    let mut request = Request { method, path, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(0, |v| String::from_utf8_lossy(v).parse().unwrap());
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    request.body = buffer.drain(..length).collect();
    Some(request)
}

async fn write(stream: &mut TcpStream, reply: &Reply) -> std::io::Result<()> {
    let mut head = format!("HTTP/1.1 {} Status\r\n", reply.status).into_bytes();
    for (name, value) in &reply.headers {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    }
    let bodiless = matches!(reply.status, 204 | 304);
    if reply.chunked {
        head.extend_from_slice(b"transfer-encoding: chunked\r\n\r\n");
        stream.write_all(&head).await?;
        for chunk in reply.body.chunks(16_384) {
            stream.write_all(format!("{:x}\r\n", chunk.len()).as_bytes()).await?;
            stream.write_all(chunk).await?;
            stream.write_all(b"\r\n").await?;
        }
        return stream.write_all(b"0\r\n\r\n").await;
    }
    if !bodiless {
        head.extend_from_slice(format!("content-length: {}\r\n", reply.body.len()).as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    stream.write_all(&head).await?;
    let sent = if reply.broken || reply.stalled { reply.body.len() / 2 } else { reply.body.len() };
    if !bodiless {
        stream.write_all(&reply.body[..sent]).await?;
    }
    stream.flush().await?;
    if reply.stalled {
        std::future::pending::<()>().await;
    }
    Ok(())
}
