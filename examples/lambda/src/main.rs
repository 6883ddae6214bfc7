use hardtack::LiveKeyring;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    // A file of a layer or of EFS, or a source of your own: see `LiveKeyring::watcher`.
    let keys = LiveKeyring::from_env("HARDTACK_KEYS")?;
    lambda_http::run(lambda::app(&keys)?).await
}
