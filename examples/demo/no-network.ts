// Preloaded with --import: in this process connect (TCP, and what rests on it), UDP and name lookup throw.
import dgram from "node:dgram";
import dns from "node:dns";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";

class NetworkUsed extends TypeError {
  readonly code = "NETWORK_USED";
}

function refuse(what: string): () => never {
  return () => {
    throw new NetworkUsed(`${what} in a process that must not use the network`);
  };
}

net.Socket.prototype.connect = refuse("connect");
dgram.Socket.prototype.connect = refuse("connect");
dgram.Socket.prototype.send = refuse("send");
Object.assign(dns, { lookup: refuse("lookup"), resolve: refuse("resolve") });
Object.assign(dns.promises, { lookup: refuse("lookup"), resolve: refuse("resolve") });
syncBuiltinESMExports();
