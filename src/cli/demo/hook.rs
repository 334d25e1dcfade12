//! The demo's webhook receiver: it checks every signature, as a receiver should.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use standardwebhooks::Webhook;
use std::sync::{Arc, Mutex, PoisonError};

/// What was received: how many calls bore a good signature, and how many did not.
#[derive(Clone, Debug, Default)]
pub(super) struct Hook(Arc<Mutex<(usize, usize)>>);

/// The receiver's state: its counts and the shared secret.
#[derive(Clone, Debug)]
struct Shared(Hook, Arc<String>);

impl Hook {
    /// Calls with a good and with a bad signature.
    pub(super) fn counts(&self) -> (usize, usize) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The routes.
    pub(super) fn router(&self, secret: &str) -> Router {
        Router::new().route("/", post(receive)).with_state(Shared(self.clone(), Arc::new(secret.to_owned())))
    }
}

/// Whether the body bears a good signature. The story's clock stands in 2023: the signature's age is not looked at.
fn is_signed(secret: &str, headers: &HeaderMap, body: &[u8]) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let Ok(time) = text("webhook-timestamp").parse::<i64>() else { return false };
    let made = Webhook::new(secret).and_then(|key| key.sign(text("webhook-id"), time, body));
    made.is_ok_and(|made| text("webhook-signature").split(' ').any(|given| given == made))
}

async fn receive(State(Shared(hook, secret)): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let good = is_signed(&secret, &headers, &body);
    let mut counts = hook.0.lock().unwrap_or_else(PoisonError::into_inner);
    if good {
        counts.0 += 1;
        StatusCode::NO_CONTENT
    } else {
        counts.1 += 1;
        StatusCode::UNAUTHORIZED
    }
}
