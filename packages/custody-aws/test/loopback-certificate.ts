// A self-signed certificate for 127.0.0.1, valid 2020 to 2120, and its key: for TLS on loopback in these tests, trusted nowhere.
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgMdeem9/ocp7ggA/b
cry5wcHBBlgZ5obSuZEgXqZTFF6hRANCAARLjBigh/mgZlkIz8A6DpgSswG54MUx
UbB3b0hLtMrMdETkOTMRP+8Xwha6G93/s6f0UM9k59MX791WGfpKnvmI
-----END PRIVATE KEY-----
`;
const cert = `-----BEGIN CERTIFICATE-----
MIIBYzCCAQqgAwIBAgIBATAKBggqhkjOPQQDAjAYMRYwFAYDVQQDDA1sb29wYmFj
ayB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAYMRYwFAYD
VQQDDA1sb29wYmFjayB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAES4wY
oIf5oGZZCM/AOg6YErMBueDFMVGwd29IS7TKzHRE5DkzET/vF8IWuhvd/7On9FDP
ZOfTF+/dVhn6Sp75iKNDMEEwDwYDVR0RBAgwBocEfwAAATAPBgNVHRMBAf8EBTAD
AQH/MB0GA1UdDgQWBBQfhqrBjjv8k4zAbMkbihKScVJaODAKBggqhkjOPQQDAgNH
ADBEAiBVOdy5OKfQj7uXNZMAGm9XMQOXPGXW5QGvuVkS/kWhjAIgCvf/DA7Y6mTa
NM3GuOQUh3SehbLC8Lqa2ymQ2jH0zzk=
-----END CERTIFICATE-----
`;

/** Options of a TLS server. */
export const loopback: { readonly key: string; readonly cert: string } = { key, cert };
