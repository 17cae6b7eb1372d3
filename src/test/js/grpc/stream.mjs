// Streams locations in as a device would, with a client made from the published .proto file.
// node stream.mjs <proto> <host:port> <person> <count>
import grpc from '@grpc/grpc-js';
import loader from '@grpc/proto-loader';

const [proto, address, person, count] = process.argv.slice(2);
const definition = loader.loadSync(proto, { keepCase: true, longs: String });
const { LocationService } = grpc.loadPackageDefinition(definition).qanat.locations.v1;
const client = new LocationService(address, grpc.credentials.createInsecure());
const start = Date.UTC(2026, 9, 5) / 1000;

let sent = 0;
let accepted = 0;
const receipts = new Set();
const call = client.ReportStream();
call.on('data', answer => {
  accepted += answer.accepted;
  answer.receipts.forEach(receipt => receipts.add(receipt));
});
call.on('error', error => {
  console.error(`after ${accepted}: ${error.message}`);
  process.exit(1);
});
call.on('end', () => {
  console.log(`sent ${sent}, accepted ${accepted}, receipts ${receipts.size}`);
  client.close();
});

function send() {
  while (sent < Number(count)) {
    const location = {
      person_id: person,
      longitude: 8 + (sent % 1000) / 1e5,
      latitude: 47 + Math.floor(sent / 1000) / 1e5,
      creation_time: { seconds: start + Math.floor(sent / 2), nanos: (sent % 2) * 500_000_000 }
    };
    sent++;
    if (!call.write(location)) {
      call.once('drain', send);
      return;
    }
  }
  call.end();
}
send();
