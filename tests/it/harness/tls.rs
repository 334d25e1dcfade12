//! Certificates for servers on loopback: an authority of the test's own, and what it may have signed.

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use std::sync::Arc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};

/// An authority that nobody trusts unless told to.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

/// A server's certificate and key.
#[derive(Debug)]
pub(crate) struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Authority {
    /// An authority of this name, which distinguishes it from others.
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.distinguished_name.push(DnType::CommonName, name);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Its certificate as `ca_file` holds it.
    pub(crate) fn pem(&self) -> &str {
        &self.pem
    }

    /// A certificate for a name; `until` is its last year.
    pub(crate) fn certify(&self, name: &str, until: i32) -> Identity {
        let key = KeyPair::generate().unwrap();
        let certificate = params(name, until).signed_by(&key, &self.issuer).unwrap();
        identity(certificate.der().clone(), &key)
    }
}

/// A certificate that only its own key vouches for.
pub(crate) fn self_signed(name: &str) -> Identity {
    let key = KeyPair::generate().unwrap();
    let certificate = params(name, 2099).self_signed(&key).unwrap();
    identity(certificate.der().clone(), &key)
}

impl Identity {
    /// Takes TLS connections with it, and offers these protocols.
    pub(crate) fn acceptor(self, protocols: &[&str]) -> TlsAcceptor {
        let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
        let mut config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate], self.key)
            .unwrap();
        config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
        TlsAcceptor::from(Arc::new(config))
    }
}

fn params(name: &str, until: i32) -> CertificateParams {
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(DnType::CommonName, "A server of the tests");
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(until, 1, 1);
    params
}

fn identity(certificate: CertificateDer<'static>, key: &KeyPair) -> Identity {
    Identity { certificate, key: PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der())) }
}
