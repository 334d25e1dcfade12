//! TLS: whom connections trust, and what is wrong with a certificate in plain words.

use super::error::NetError;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls::{CertificateError, ClientConfig};
use std::error::Error;
use std::sync::Arc;

/// Certificates that are trusted besides those of the machine.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Authorities(Vec<CertificateDer<'static>>);

impl Authorities {
    /// Reads the certificates of a PEM text; anything else in it is passed over.
    ///
    /// # Errors
    /// What is wrong with the text, as a lower-case fragment.
    pub fn read(pem: &[u8]) -> Result<Self, String> {
        let found: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
        match found {
            Ok(found) if found.is_empty() => Err("there is no certificate in it".to_owned()),
            Ok(found) => Ok(Self(found)),
            Err(error) => Err(format!("it is no PEM text: {error}")),
        }
    }
}

/// The settings of every connection that checks certificates: the machine's authorities and these, HTTP/2 where it is
/// offered.
pub(super) fn settings(authorities: &Authorities) -> Result<ClientConfig, NetError> {
    let setup = |error: rustls::Error| NetError::Setup { cause: error.to_string() };
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let verifier =
        rustls_platform_verifier::Verifier::new_with_extra_roots(authorities.0.iter().cloned(), Arc::clone(&provider))
            .map_err(setup)?;
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(setup)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

/// What is wrong with a server's certificate, where that is why a connection failed.
pub(super) fn complaint(error: &(dyn Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(inner) = cause {
        if let Some(rustls::Error::InvalidCertificate(flaw)) = tls_error(inner) {
            return Some(words(flaw));
        }
        cause = inner.source();
    }
    None
}

/// A TLS error, also one that I/O errors hold, one in another: their `source` skips what they hold.
fn tls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    let mut held = error;
    while let Some(inner) = held.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        held = inner;
    }
    held.downcast_ref()
}

fn words(flaw: &CertificateError) -> String {
    match flaw {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "it has expired".to_owned(),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "it is not valid yet; is this machine's clock right?".to_owned()
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "it is another name's".to_owned()
        }
        CertificateError::UnknownIssuer => "nobody vouches for it whom this machine trusts".to_owned(),
        CertificateError::Revoked => "it was revoked".to_owned(),
        CertificateError::BadSignature => "its signature is wrong".to_owned(),
        CertificateError::UnsupportedSignatureAlgorithmContext { .. }
        | CertificateError::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => {
            "its signature is of a kind that is not taken".to_owned()
        }
        other => other.to_string(),
    }
}
