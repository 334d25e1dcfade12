//! Reading a body through caps: so many bytes on the wire, so many after each layer of compression.

use super::client::Limits;
use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use futures_util::TryStreamExt as _;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncReadExt as _, BufReader, ReadBuf};
use tokio_util::io::StreamReader;

/// What is asked for in `Accept-Encoding`.
pub(super) const ACCEPTED: &str = "gzip, br, zstd";
/// Most layers of compression around a body: real servers wrap one, a proxy before them at times another.
const LAYERS: usize = 2;
/// Largest window of a zstd frame, as the power of two: what RFC 9659 allows on the web.
const ZSTD_WINDOW: u32 = 23;
/// First bytes of a gzip stream (RFC 1952).
const GZIP_MAGIC: &[u8] = &[0x1f, 0x8b];

/// Why a body was not read.
#[derive(Debug)]
pub(super) enum Unread {
    /// It is over this cap in bytes.
    Over(u64),
    /// It is encoded in a way that nobody asked for.
    Encoding(String),
    /// The compressed data is damaged or ends too early.
    Damaged,
    /// The connection failed.
    Wire(reqwest::Error),
}

/// Reads a body whole.
pub(super) async fn read(response: reqwest::Response, limits: &Limits) -> Result<Vec<u8>, Unread> {
    let announced = response.content_length().unwrap_or_default();
    if announced > limits.wire {
        return Err(Unread::Over(limits.wire));
    }
    let layers = layers(response.headers())?;
    let wire = StreamReader::new(response.bytes_stream().map_err(io::Error::other));
    let mut reader: Pin<Box<dyn AsyncRead + Send>> = Box::pin(Capped::new(wire, limits.wire));
    // The layer that was put on last comes off first.
    for layer in layers.into_iter().rev() {
        let mut buffered = BufReader::new(reader);
        let plain: Pin<Box<dyn AsyncRead + Send>> = match layer {
            Layer::Gzip => {
                let begin = buffered.fill_buf().await.map_err(unread)?;
                if begin.is_empty() || !GZIP_MAGIC.starts_with(begin.get(..begin.len().min(2)).unwrap_or_default()) {
                    // Announced and not done, which happens with feeds that are files.
                    Box::pin(buffered)
                } else {
                    let mut decoder = GzipDecoder::new(buffered);
                    decoder.multiple_members(true);
                    Box::pin(decoder)
                }
            }
            Layer::Deflate => Box::pin(ZlibDecoder::new(buffered)),
            Layer::Brotli => Box::pin(BrotliDecoder::new(buffered)),
            Layer::Zstd => {
                let window = [DParameter::window_log_max(ZSTD_WINDOW)];
                let mut decoder = ZstdDecoder::with_params(buffered, &window);
                decoder.multiple_members(true);
                Box::pin(decoder)
            }
        };
        reader = Box::pin(Capped::new(plain, limits.inflated));
    }
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    let cap = limits.inflated;
    while reader.read_buf(&mut body).await.map_err(unread)? > 0 {
        if body.len() as u64 > cap {
            return Err(Unread::Over(cap));
        }
    }
    Ok(body)
}

/// One layer of compression.
#[derive(Clone, Copy, Debug)]
enum Layer {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// The layers around a body, the innermost first.
fn layers(headers: &HeaderMap) -> Result<Vec<Layer>, Unread> {
    let mut layers = Vec::new();
    for value in headers.get_all(CONTENT_ENCODING) {
        let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
        for name in text.split(',').map(str::trim).filter(|name| !matches!(*name, "" | "identity")) {
            layers.push(match name {
                "gzip" | "x-gzip" => Layer::Gzip,
                "deflate" => Layer::Deflate,
                "br" => Layer::Brotli,
                "zstd" => Layer::Zstd,
                other => return Err(Unread::Encoding(other.chars().take(40).collect())),
            });
        }
    }
    if layers.len() > LAYERS { Err(Unread::Encoding(format!("{} layers", layers.len()))) } else { Ok(layers) }
}

/// A reader that fails beyond a cap, rather than to end as if that were all.
#[derive(Debug)]
struct Capped<R> {
    inner: R,
    cap: u64,
    left: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("over the cap of {0} bytes")]
struct Over(u64);

impl<R> Capped<R> {
    fn new(inner: R, cap: u64) -> Self {
        Self { inner, cap, left: cap }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Capped<R> {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        std::task::ready!(Pin::new(&mut self.inner).poll_read(context, into))?;
        let read = (into.filled().len() - before) as u64;
        match self.left.checked_sub(read) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(io::Error::other(Over(self.cap)))),
        }
    }
}

/// What lies behind a reader's error: a cap of ours, the connection, or else the compressed data.
fn unread(error: io::Error) -> Unread {
    let Some(inner) = error.into_inner() else { return Unread::Damaged };
    let inner = match inner.downcast::<Over>() {
        Ok(over) => return Unread::Over(over.0),
        Err(inner) => inner,
    };
    match inner.downcast::<reqwest::Error>() {
        Ok(wire) => Unread::Wire(*wire),
        // Each layer may have wrapped what it was told by the one below.
        Err(inner) => match inner.downcast::<io::Error>() {
            Ok(wrapped) => unread(*wrapped),
            Err(_) => Unread::Damaged,
        },
    }
}
