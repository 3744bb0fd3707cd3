import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Paths of a server's certificate, its key, and the authority that signed it. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
}

/** Creates a certificate authority and a certificate for loopback. */
export function createCertificate(folder: string): Certificate {
  const [ca, caKey, cert, key] = ['ca.pem', 'ca.key', 'cert.pem', 'cert.key'].map(name => join(folder, name));
  const openssl = (...args: (string | undefined)[]) =>
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', ...args.map(String)], {
      stdio: 'pipe',
    });
  openssl('-subj', '/CN=authority', '-keyout', caKey, '-out', ca);
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost';
  openssl('-subj', '/CN=redis', '-addext', names, '-CA', ca, '-CAkey', caKey, '-keyout', key, '-out', cert);
  return { cert: String(cert), key: String(key), ca: String(ca) };
}
