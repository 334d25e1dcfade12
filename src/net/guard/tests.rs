//! The guard's table, case by case.

use super::*;

fn judge(guard: &Guard, url: &str) -> Verdict {
    guard.judge_url(&url.parse().unwrap())
}

fn why(url: &str) -> String {
    match judge(&Guard::default(), url) {
        Verdict::Allowed => "allowed".to_owned(),
        Verdict::Refused(Refusal::Address { kind, .. }) => kind.name().to_owned(),
        Verdict::Refused(Refusal::Scheme(_)) => "scheme".to_owned(),
        Verdict::Refused(Refusal::NoHost) => "no host".to_owned(),
        Verdict::Refused(Refusal::Port(_)) => "port".to_owned(),
        Verdict::Refused(Refusal::LocalName(_)) => "local name".to_owned(),
    }
}

#[test]
fn every_form_of_an_address_is_judged() {
    let cases = [
        // The public web.
        ("http://a.example/feed", "allowed"),
        ("https://a.example/feed", "allowed"),
        ("https://a.example:8443/", "allowed"),
        ("http://a.example:8080/", "allowed"),
        ("http://a.example:3000/", "allowed"),
        ("http://93.184.215.14/", "allowed"),
        ("http://172.15.255.255/", "allowed"),
        ("http://172.32.0.0/", "allowed"),
        ("http://100.63.255.255/", "allowed"),
        ("http://100.128.0.1/", "allowed"),
        ("http://192.0.1.1/", "allowed"),
        ("http://198.17.255.255/", "allowed"),
        ("http://223.255.255.255/", "allowed"),
        ("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/", "allowed"),
        ("http://[2001:4860:4860::8888]/", "allowed"),
        ("http://[::ffff:93.184.215.14]/", "allowed"),
        ("http://[64:ff9b::5db8:d70e]/", "allowed"),
        ("http://[2002:5db8:d70e::1]/", "allowed"),
        // Schemes, hosts, ports.
        ("ftp://a.example/", "scheme"),
        ("file:///etc/passwd", "scheme"),
        ("gopher://a.example/", "scheme"),
        ("data:text/xml,x", "scheme"),
        ("unix:/run/x.sock", "scheme"),
        ("http://./", "no host"),
        ("http://a.example:25/", "port"),
        ("http://a.example:22/", "port"),
        ("http://a.example:6379/", "port"),
        ("http://a.example:5432/", "port"),
        ("http://a.example:11211/", "port"),
        ("http://a.example:0/", "port"),
        ("http://a.example:853/", "port"),
        ("http://93.184.215.14:25/", "port"),
        ("http://localhost/", "local name"),
        ("http://LOCALHOST./", "local name"),
        ("http://x.localhost/", "local name"),
        ("http://printer.local/", "local name"),
        ("http://metadata.google.internal/", "local name"),
        ("http://router.home.arpa/", "local name"),
        // Loopback, however it is written.
        ("http://127.0.0.1/", "loopback"),
        ("http://127.255.255.254/", "loopback"),
        ("http://127.1/", "loopback"),
        ("http://2130706433/", "loopback"),
        ("http://0x7f.1/", "loopback"),
        ("http://0x7f000001/", "loopback"),
        ("http://0177.0.0.01/", "loopback"),
        ("http://127.0.0.1./", "loopback"),
        ("http://\u{ff11}27.0.0.1/", "loopback"),
        ("http://127%2e0.0.1/", "loopback"),
        ("http://user:pass@127.0.0.1:8080/", "loopback"),
        ("http://[::1]/", "loopback"),
        ("http://[0:0:0:0:0:0:0:1]/", "loopback"),
        ("http://[::ffff:127.0.0.1]/", "loopback"),
        ("http://[::ffff:7f00:1]/", "loopback"),
        ("http://[::127.0.0.1]/", "loopback"),
        ("http://[::ffff:0:127.0.0.1]/", "loopback"),
        ("http://[64:ff9b::127.0.0.1]/", "loopback"),
        ("http://[2002:7f00:1::]/", "loopback"),
        ("http://[2606:2800::5efe:127.0.0.1]/", "loopback"),
        // The other ranges.
        ("http://10.0.0.1/", "private"),
        ("http://172.16.0.1/", "private"),
        ("http://172.31.255.255/", "private"),
        ("http://192.168.1.1/", "private"),
        ("http://[::ffff:10.0.0.1]/", "private"),
        ("http://[::10.0.0.1]/", "private"),
        ("http://[64:ff9b::a00:1]/", "private"),
        ("http://[2002:c0a8:101::1]/", "private"),
        ("http://[fc00::1]/", "private"),
        ("http://[fdff::1]/", "private"),
        ("http://[fec0::1]/", "private"),
        ("http://169.254.0.1/", "link-local"),
        ("http://[fe80::1]/", "link-local"),
        ("http://100.64.0.1/", "carrier-grade NAT"),
        ("http://100.127.255.255/", "carrier-grade NAT"),
        ("http://224.0.0.1/", "multicast"),
        ("http://239.255.255.250/", "multicast"),
        ("http://[ff02::1]/", "multicast"),
        ("http://255.255.255.255/", "broadcast"),
        ("http://0.0.0.0/", "unspecified"),
        ("http://0/", "unspecified"),
        ("http://0.1.2.3/", "unspecified"),
        ("http://[::]/", "unspecified"),
        ("http://192.0.2.1/", "documentation"),
        ("http://198.51.100.7/", "documentation"),
        ("http://203.0.113.9/", "documentation"),
        ("http://[2001:db8::1]/", "documentation"),
        ("http://[3fff:123::1]/", "documentation"),
        ("http://198.18.0.1/", "benchmarking"),
        ("http://198.19.255.255/", "benchmarking"),
        ("http://[2001:2::1]/", "benchmarking"),
        ("http://169.254.169.254/latest/meta-data/", "metadata service"),
        ("http://[::ffff:a9fe:a9fe]/", "metadata service"),
        ("http://169.254.170.2/", "metadata service"),
        ("http://100.100.100.200/", "metadata service"),
        ("http://168.63.129.16/", "metadata service"),
        ("http://[fd00:ec2::254]/", "metadata service"),
        ("http://[fd20:ce::254]/", "metadata service"),
        ("http://240.0.0.1/", "reserved"),
        ("http://192.0.0.1/", "reserved"),
        ("http://[::93.184.215.14]/", "reserved"),
        ("http://[100::1]/", "reserved"),
        ("http://[4000::1]/", "reserved"),
        ("http://[5f00::1]/", "reserved"),
        ("http://[2001:10::1]/", "reserved"),
        ("http://192.88.99.1/", "tunnel"),
        ("http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "tunnel"),
        ("http://[64:ff9b:1::a00:1]/", "tunnel"),
    ];
    for (url, expected) in cases {
        assert_eq!(why(url), expected, "{url}");
    }
    assert!(cases.len() >= 60);
}

#[test]
fn exceptions_cover_what_they_name_and_no_more() {
    let guard = |allow: &str| Guard::new(vec![allow.parse().unwrap()]);
    let cases = [
        ("127.0.0.1", "http://127.0.0.1/", true),
        ("127.0.0.1", "http://127.0.0.1:40123/", true),
        ("127.0.0.1", "http://127.0.0.2/", false),
        ("127.0.0.1", "http://[::ffff:127.0.0.1]/", true),
        ("127.0.0.1", "http://127.0.0.1:6379/", false),
        ("127.0.0.1:6379", "http://127.0.0.1:6379/", true),
        ("127.0.0.1:6379", "http://127.0.0.1/", false),
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", true),
        ("10.0.0.0/8", "http://10.9.8.7/", true),
        ("10.0.0.0/8", "http://11.0.0.1/", true),
        ("10.0.0.0/8", "http://192.168.0.1/", false),
        ("10.0.0.0/8:8080", "http://10.9.8.7:8080/", true),
        ("10.0.0.0/8:8080", "http://10.9.8.7:8081/", false),
        ("[::1]:8080", "http://[::1]:8080/", true),
        ("[::1]:8080", "http://[::1]:8081/", false),
        ("::1", "http://[::1]/", true),
        ("fd00::/8", "http://[fd12::1]/", true),
        ("localhost", "http://localhost:8000/", true),
        ("localhost:8000", "http://localhost:8001/", false),
        ("LocalHost.", "http://localhost/", true),
        ("mail.example:25", "http://mail.example:25/", true),
        ("mail.example:25", "http://other.example:25/", false),
        ("169.254.169.254", "http://169.254.169.254/", true),
    ];
    for (allow, url, allowed) in cases {
        assert_eq!(judge(&guard(allow), url).is_allowed(), allowed, "{allow} for {url}");
    }
}

#[test]
fn a_resolved_address_is_judged_by_name_and_port() {
    let private: IpAddr = [10, 0, 0, 1].into();
    let metadata: IpAddr = [169, 254, 169, 254].into();
    let guard = Guard::new(vec!["intranet.example:8080".parse().unwrap(), "wiki.example".parse().unwrap()]);
    assert!(guard.judge_resolved("intranet.example", private, Some(8080)).is_allowed());
    assert!(!guard.judge_resolved("intranet.example", private, Some(80)).is_allowed());
    assert!(!guard.judge_resolved("intranet.example", private, None).is_allowed());
    assert!(guard.judge_resolved("wiki.example", private, None).is_allowed());
    assert!(guard.judge_resolved("WIKI.example.", private, Some(443)).is_allowed());
    assert!(!guard.judge_resolved("evil.example", private, Some(8080)).is_allowed());
    assert!(!guard.judge_resolved("wiki.example", metadata, None).is_allowed(), "a name never leads to metadata");
    assert_eq!(guard.bound_ports(), [8080]);
}

#[test]
fn permissions_are_read_and_printed() {
    for text in
        ["a.example", "a.example:8080", "10.0.0.0/8", "10.0.0.0/8:80", "127.0.0.1:9", "::1", "[::1]:80", "fd00::/8"]
    {
        assert_eq!(text.parse::<Allow>().unwrap().to_string(), text);
    }
    for text in
        ["", ":80", "a b", "http://a.example", "a.example:x", "10.0.0.0/99", "[::1", "a.example:99999", "1.2.3.4/8/8"]
    {
        assert!(text.parse::<Allow>().is_err(), "{text}");
    }
}
