import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLServerSocketFactory;

/** Logs in to the login example, visits, and logs out, through a TLS end of its own. The example's address is the argument. */
public class JavaClient {
    private static final Queue<String> COOKIE_HEADERS = new ConcurrentLinkedQueue<>();

    public static void main(String[] arguments) throws Exception {
        URI example = URI.create(arguments[0]);
        var tls = SSLServerSocketFactory.getDefault().createServerSocket(0);
        spawn(() -> {
            while (true) {
                Socket client = tls.accept();
                Socket server = new Socket(example.getHost(), example.getPort());
                spawn(() -> pass(client, server, true));
                spawn(() -> pass(server, client, false));
            }
        });
        String origin = "https://localhost:" + tls.getLocalPort();
        for (boolean remembered : new boolean[] {false, true}) {
            var jar = new CookieManager();
            var client = HttpClient.newBuilder().cookieHandler(jar).followRedirects(HttpClient.Redirect.NORMAL).build();
            walk("HttpClient", remembered, (path, form) -> send(client, URI.create(origin + path), form));
            CookieHandler.setDefault(new CookieManager());
            walk("HttpURLConnection", remembered, (path, form) -> connect(URI.create(origin + path), form));
        }
        System.exit(0);
    }

    private static void walk(String client, boolean remembered, Requests requests) throws Exception {
        requests.body("/login", remembered ? "name=Ada&remember=yes" : "name=Ada");
        requests.body("/visit", "");
        COOKIE_HEADERS.clear();
        String facts = requests.body("/whoami", null);
        String header = COOKIE_HEADERS.remove();
        expect(facts, "\"user\":\"Ada\"");
        expect(facts, "\"visits\":1");
        if (header.contains("__Host-login=\"") != remembered) {
            throw new AssertionError("quotes where there were none, or the other way round: " + masked(header));
        }
        requests.body("/logout", "");
        if (requests.body("/whoami", null).contains("Ada")) {
            throw new AssertionError("still logged in");
        }
        System.out.println("ok: " + client + (remembered ? ", remembered: " : ", until the browser closes: ") + masked(header));
    }

    /** A cookie's value stays out of the transcript. */
    private static String masked(String header) {
        return header.replaceAll("(__Host-login=\"?)[A-Za-z0-9_-]+", "$1<token>");
    }

    private static void expect(String text, String part) {
        if (!text.contains(part)) {
            throw new AssertionError("expected " + part + " in " + text);
        }
    }

    private static String send(HttpClient client, URI address, String form) throws Exception {
        var request = HttpRequest.newBuilder(address);
        if (form != null) {
            request.header("Content-Type", "application/x-www-form-urlencoded");
            request.POST(HttpRequest.BodyPublishers.ofString(form));
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private static String connect(URI address, String form) throws Exception {
        var connection = (HttpURLConnection) address.toURL().openConnection();
        if (form != null) {
            connection.setDoOutput(true);
            connection.getOutputStream().write(form.getBytes(StandardCharsets.US_ASCII));
        }
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Passes bytes on, and writes down the Cookie headers among those of a client. */
    private static void pass(Socket from, Socket to, boolean written) throws IOException {
        try (InputStream in = from.getInputStream(); OutputStream out = to.getOutputStream()) {
            var line = new StringBuilder();
            for (int next = in.read(); next >= 0; next = in.read()) {
                if (next == '\n') {
                    if (written && line.toString().toLowerCase().startsWith("cookie:")) {
                        COOKIE_HEADERS.add(line.toString().strip());
                    }
                    line.setLength(0);
                } else {
                    line.append((char) next);
                }
                out.write(next);
                if (in.available() == 0) {
                    out.flush();
                }
            }
        }
    }

    private static void spawn(Work work) {
        var thread = new Thread(() -> {
            try {
                work.run();
            } catch (Exception gone) {
                // A connection was closed: its request fails where it was made.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private interface Work {
        void run() throws Exception;
    }

    private interface Requests {
        String body(String path, String form) throws Exception;
    }
}
