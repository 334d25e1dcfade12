//! Which addresses belong to the public internet: a pure table over the special-purpose registries.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is not one of the public internet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Special {
    /// This machine.
    Loopback,
    /// A private network (RFC 1918, RFC 4193), site-local addresses included.
    Private,
    /// Link-local (RFC 3927, RFC 4291).
    LinkLocal,
    /// Carrier-grade NAT (RFC 6598).
    CarrierNat,
    /// Multicast.
    Multicast,
    /// The limited broadcast address.
    Broadcast,
    /// "This network" or the unspecified address.
    Unspecified,
    /// For documentation only (RFC 5737, RFC 3849, RFC 9637).
    Documentation,
    /// For benchmarks only (RFC 2544, RFC 5180).
    Benchmarking,
    /// A cloud's metadata service, which hands out credentials.
    Metadata,
    /// Tunnels and translation prefixes behind which any address may hide.
    Tunnel,
    /// Everything else that the registries do not call globally reachable.
    Reserved,
}

impl Special {
    /// The name used in messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Loopback => "loopback",
            Self::Private => "private",
            Self::LinkLocal => "link-local",
            Self::CarrierNat => "carrier-grade NAT",
            Self::Multicast => "multicast",
            Self::Broadcast => "broadcast",
            Self::Unspecified => "unspecified",
            Self::Documentation => "documentation",
            Self::Benchmarking => "benchmarking",
            Self::Metadata => "metadata service",
            Self::Tunnel => "tunnel",
            Self::Reserved => "reserved",
        }
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What keeps an address from being public; nothing for an address of the public internet.
///
/// IPv6 forms that carry an IPv4 address (mapped, NAT64, 6to4, ISATAP) are judged by the address they carry.
#[must_use]
pub fn special(address: IpAddr) -> Option<Special> {
    match address {
        IpAddr::V4(v4) => special_v4(v4),
        IpAddr::V6(v6) => special_v6(v6),
    }
}

/// The IPv4 address that an IPv6 address carries, so that a network named in the configuration covers both forms.
#[must_use]
pub fn embedded_v4(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let s = v6.segments();
    let tail = || joined(s[6], s[7]);
    match s {
        // IPv4-mapped and IPv4-compatible (RFC 4291); `::` and `::1` are addresses of their own.
        [0, 0, 0, 0, 0, 0xffff, _, _] => Some(tail()),
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 || low > 1 => Some(tail()),
        // IPv4-translated (RFC 2765).
        [0, 0, 0, 0, 0xffff, 0, _, _] => Some(tail()),
        // NAT64, the well-known prefix (RFC 6052).
        [0x64, 0xff9b, 0, 0, 0, 0, _, _] => Some(tail()),
        // 6to4 (RFC 3056).
        [0x2002, high, low, ..] => Some(joined(high, low)),
        // ISATAP (RFC 5214), whatever the prefix.
        [_, _, _, _, 0 | 0x200, 0x5efe, _, _] => Some(tail()),
        _ => None,
    }
}

/// IANA IPv4 special-purpose registry (RFC 6890 and successors), narrower entries first.
const V4: &[([u8; 4], u8, Special)] = &[
    // Metadata: AWS, Azure, Google and most others; AWS containers; Alibaba; Oracle; Azure's wire server.
    ([169, 254, 169, 254], 32, Special::Metadata),
    ([169, 254, 170, 2], 32, Special::Metadata),
    ([169, 254, 170, 23], 32, Special::Metadata),
    ([100, 100, 100, 200], 32, Special::Metadata),
    ([192, 0, 0, 192], 32, Special::Metadata),
    ([168, 63, 129, 16], 32, Special::Metadata),
    ([255, 255, 255, 255], 32, Special::Broadcast),
    ([0, 0, 0, 0], 8, Special::Unspecified),
    ([10, 0, 0, 0], 8, Special::Private),
    ([100, 64, 0, 0], 10, Special::CarrierNat),
    ([127, 0, 0, 0], 8, Special::Loopback),
    ([169, 254, 0, 0], 16, Special::LinkLocal),
    ([172, 16, 0, 0], 12, Special::Private),
    ([192, 0, 0, 0], 24, Special::Reserved),
    ([192, 0, 2, 0], 24, Special::Documentation),
    ([192, 88, 99, 0], 24, Special::Tunnel),
    ([192, 168, 0, 0], 16, Special::Private),
    ([198, 18, 0, 0], 15, Special::Benchmarking),
    ([198, 51, 100, 0], 24, Special::Documentation),
    ([203, 0, 113, 0], 24, Special::Documentation),
    ([224, 0, 0, 0], 4, Special::Multicast),
    ([240, 0, 0, 0], 4, Special::Reserved),
];

/// IANA IPv6 special-purpose registry, narrower entries first.
const V6: &[([u16; 8], u8, Special)] = &[
    // Metadata: AWS, Google.
    ([0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254], 128, Special::Metadata),
    ([0xfd20, 0xce, 0, 0, 0, 0, 0, 0x254], 128, Special::Metadata),
    ([0, 0, 0, 0, 0, 0, 0, 0], 128, Special::Unspecified),
    ([0, 0, 0, 0, 0, 0, 0, 1], 128, Special::Loopback),
    ([0x64, 0xff9b, 1, 0, 0, 0, 0, 0], 48, Special::Tunnel),
    ([0x100, 0, 0, 0, 0, 0, 0, 0], 64, Special::Reserved),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 32, Special::Tunnel),
    ([0x2001, 2, 0, 0, 0, 0, 0, 0], 48, Special::Benchmarking),
    ([0x2001, 0, 0, 0, 0, 0, 0, 0], 23, Special::Reserved),
    ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32, Special::Documentation),
    ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20, Special::Documentation),
    ([0xfc00, 0, 0, 0, 0, 0, 0, 0], 7, Special::Private),
    ([0xfe80, 0, 0, 0, 0, 0, 0, 0], 10, Special::LinkLocal),
    ([0xfec0, 0, 0, 0, 0, 0, 0, 0], 10, Special::Private),
    ([0xff00, 0, 0, 0, 0, 0, 0, 0], 8, Special::Multicast),
];

/// Global unicast (RFC 4291): outside of it nothing is public.
const GLOBAL_UNICAST: ([u16; 8], u8) = ([0x2000, 0, 0, 0, 0, 0, 0, 0], 3);

fn special_v4(address: Ipv4Addr) -> Option<Special> {
    V4.iter().find(|(base, length, _)| within(*base, *length, address.into())).map(|(_, _, kind)| *kind)
}

fn special_v6(address: Ipv6Addr) -> Option<Special> {
    let named = V6.iter().find(|(base, length, _)| within(*base, *length, address.into())).map(|(_, _, kind)| *kind);
    if named.is_some() {
        return named;
    }
    if let Some(v4) = embedded_v4(address) {
        // The compatible and translated forms are deprecated and never routed; the others stand for what they carry.
        let routed = !matches!(address.segments(), [0, 0, 0, 0, 0, 0, ..] | [0, 0, 0, 0, 0xffff, 0, ..]);
        return special_v4(v4).or((!routed).then_some(Special::Reserved));
    }
    let (base, length) = GLOBAL_UNICAST;
    (!within(base, length, address.into())).then_some(Special::Reserved)
}

fn within(base: impl Into<IpAddr>, length: u8, address: IpAddr) -> bool {
    let net = match base.into() {
        IpAddr::V4(v4) => Ipv4Net::new(v4, length).map(IpNet::V4),
        IpAddr::V6(v6) => Ipv6Net::new(v6, length).map(IpNet::V6),
    };
    net.is_ok_and(|net| net.contains(&address))
}

fn joined(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from((u32::from(high) << 16) | u32::from(low))
}
