//! The status server: /healthz, /metrics and a page.

mod page;

pub use page::{FeedLine, GivenUp, Snapshot};

use crate::observe::metrics::Metrics;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::http::{Response, StatusCode};
use axum::routing::get;
use futures_util::future::BoxFuture;
use std::fmt;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What the server asks the daemon for.
pub trait Source: Send + Sync {
    /// The tasks that make no progress; none when all is well.
    fn late(&self) -> Vec<&'static str>;
    /// What the page shows.
    fn snapshot(&self) -> BoxFuture<'_, Snapshot>;
}

/// Metrics and source, shared by the handlers.
#[derive(Clone)]
struct Shared {
    metrics: Metrics,
    source: Arc<dyn Source>,
}

impl fmt::Debug for Shared {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// Serves until told to stop.
///
/// # Errors
/// The listener fails.
pub async fn serve(
    listener: TcpListener,
    metrics: Metrics,
    source: Arc<dyn Source>,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let app = Router::new()
        .route("/healthz", get(healthz))
        .route("/metrics", get(metrics_text))
        .route("/", get(page))
        .with_state(Shared { metrics, source });
    axum::serve(listener, app).with_graceful_shutdown(stop.cancelled_owned()).await
}

async fn healthz(State(shared): State<Shared>) -> Response<Body> {
    let late = shared.source.late();
    if late.is_empty() {
        answer(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned())
    } else {
        let text = format!("no progress: {}\n", late.join(", "));
        answer(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", text)
    }
}

async fn metrics_text(State(shared): State<Shared>) -> Response<Body> {
    let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    answer(StatusCode::OK, kind, shared.metrics.text())
}

async fn page(State(shared): State<Shared>) -> Response<Body> {
    let snapshot = shared.source.snapshot().await;
    match page::html(&snapshot) {
        Ok(html) => answer(StatusCode::OK, "text/html; charset=utf-8", html),
        Err(error) => {
            tracing::error!(%error, "the status page could not be rendered");
            let text = "the page could not be rendered; see the log\n".to_owned();
            answer(StatusCode::INTERNAL_SERVER_ERROR, "text/plain; charset=utf-8", text)
        }
    }
}

fn answer(status: StatusCode, kind: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"),
    );
    response
}
