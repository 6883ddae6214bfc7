//! A service under load for long: logins, visits, garbage, devices that refresh, and a ring that rotates. No answer is wrong, and the
//! service's memory stays flat.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use hardtack::testing::SoftwareDevice;

use crate::client::Client;

const CLIENTS: u64 = 12;
/// What memory may grow by, from a quarter of the time on: in kilobytes.
const GROWTH: u64 = 2048;

/// What was done, over all clients.
#[derive(Default)]
struct Counts {
    requests: AtomicU64,
    logins: AtomicU64,
    visits: AtomicU64,
    garbage: AtomicU64,
    refreshes: AtomicU64,
    errors: AtomicU64,
}

pub(crate) fn run(seconds: u64) -> bool {
    let mut server = Command::new(env::current_exe().unwrap()).arg("serve").stdout(Stdio::piped()).spawn().unwrap();
    let mut address = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut address).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let counts = Arc::new(Counts::default());
    let until = Instant::now() + Duration::from_secs(seconds);
    let memory = runtime.block_on(async {
        let address = address.trim();
        let clients =
            (0..CLIENTS).map(|number| tokio::spawn(client(number, address.to_owned(), Arc::clone(&counts), until)));
        let clients: Vec<_> = clients.collect();
        let memory = watched(&server, seconds).await;
        for client in clients {
            // One that panicked has seen what no service may do, such as closing the connection.
            counts.errors.fetch_add(u64::from(client.await.is_err()), Ordering::Relaxed);
        }
        memory
    });
    server.kill().unwrap();
    server.wait().unwrap();
    let [requests, logins, visits, garbage, refreshes, errors] =
        [&counts.requests, &counts.logins, &counts.visits, &counts.garbage, &counts.refreshes, &counts.errors]
            .map(|count| count.load(Ordering::Relaxed));
    println!(
        "{seconds} s: {requests} requests, {logins} logins, {visits} visits, {garbage} garbage cookies, {refreshes} device refreshes, \
         {errors} errors"
    );
    println!("memory of the service in KiB, over the time: {memory:?}");
    let (early, late) = (memory[memory.len() / 4], *memory.last().unwrap());
    errors == 0 && logins > 0 && visits > 0 && garbage > 0 && refreshes > 0 && late <= early + GROWTH
}

/// The service's memory at twelve moments.
async fn watched(server: &Child, seconds: u64) -> Vec<u64> {
    let mut memory = Vec::new();
    for _ in 0..12 {
        tokio::time::sleep(Duration::from_millis(seconds * 1000 / 12)).await;
        memory.push(resident(server.id()));
    }
    memory
}

fn resident(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

async fn client(number: u64, address: String, counts: Arc<Counts>, until: Instant) {
    let mut client = Client::connect(&address).await;
    let mut round = number;
    while Instant::now() < until {
        let name = format!("user{round}");
        if let Err(error) = life(&mut client, &name, round, &counts).await {
            counts.errors.fetch_add(1, Ordering::Relaxed);
            eprintln!("{name}: {error}");
        }
        round += CLIENTS;
    }
}

fn expect(what: &str, found: u16, wanted: u16) -> Result<(), String> {
    if found == wanted { Ok(()) } else { Err(format!("{what}: {found} in place of {wanted}")) }
}

/// A session from login to logout, with garbage before it.
async fn life(client: &mut Client, name: &str, round: u64, counts: &Counts) -> Result<(), String> {
    garbage(client, round, counts).await?;
    let login = client.post("/login", &format!("name={name}")).await;
    expect("login", login.status, 303)?;
    counts.logins.fetch_add(1, Ordering::Relaxed);
    let device = SoftwareDevice::new();
    let bound = round.is_multiple_of(4);
    if bound {
        let offer = login.headers("secure-session-registration").next().ok_or("no offer")?;
        let registration = device.registration(offer).ok_or("no registration")?;
        let headers: Vec<(&str, &str)> =
            registration.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        expect("registration", client.send("POST", &registration.path, &headers, "").await.status, 200)?;
    }
    for visit in 1..=20 {
        expect("visit", client.post("/visit", "").await.status, 303)?;
        let count = client.get("/count").await;
        if count.body != format!("{name} {visit}") {
            return Err(format!("{} {:?} at visit {visit}", count.status, count.body));
        }
        if bound && visit % 5 == 0 {
            refresh(client, &device).await?;
            counts.refreshes.fetch_add(1, Ordering::Relaxed);
        }
    }
    counts.visits.fetch_add(20, Ordering::Relaxed);
    expect("logout", client.post("/logout", "").await.status, 303)?;
    expect("after the logout", client.get("/count").await.status, 401)?;
    client.jar.clear();
    counts.requests.fetch_add(45, Ordering::Relaxed);
    Ok(())
}

async fn garbage(client: &mut Client, round: u64, counts: &Counts) -> Result<(), String> {
    let values = ["x".to_owned(), "EaKE".repeat(200), format!("EQ{round:0>120}"), "A".repeat(4000)];
    for value in values {
        client.jar.insert("__Host-login".to_owned(), value);
        expect("garbage", client.get("/count").await.status, 401)?;
        counts.garbage.fetch_add(1, Ordering::Relaxed);
    }
    client.jar.clear();
    Ok(())
}

/// A challenge is asked for, and answered.
async fn refresh(client: &mut Client, device: &SoftwareDevice) -> Result<(), String> {
    const PATH: &str = "/device-session/refresh";
    let asked = device.refresh(PATH, None);
    let headers: Vec<(&str, &str)> = asked.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let reply = client.send("POST", PATH, &headers, "").await;
    expect("a challenge", reply.status, 403)?;
    let challenge = reply.headers("secure-session-challenge").next().ok_or("no challenge")?;
    let proof = device.refresh(PATH, Some(challenge));
    let headers: Vec<(&str, &str)> = proof.headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    expect("a refresh", client.send("POST", PATH, &headers, "").await.status, 200)
}
