import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Sends files to addresses in every way that the JDK's own client has, as it comes: it offers HTTP/2 and keeps its
 * connections. Arguments: a token, then file and address in turn. Prints status and answer, a line each.
 */
public class Client {
    public static void main(String[] args) throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        for (int i = 1; i < args.length; i += 2) {
            Path file = Path.of(args[i]);
            byte[] content = Files.readAllBytes(file);
            List<BodyPublisher> ways = List.of(
                BodyPublishers.ofByteArray(content),
                BodyPublishers.ofFile(file),
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(content))); // chunked
            for (BodyPublisher way : ways) {
                for (boolean asks : new boolean[] {false, true}) {
                    HttpRequest request = HttpRequest.newBuilder(URI.create(args[i + 1]))
                        .header("Authorization", "Bearer " + args[0])
                        .expectContinue(asks)
                        .POST(way)
                        .build();
                    var answer = client.send(request, BodyHandlers.ofString());
                    System.out.println(answer.statusCode() + " " + answer.body());
                }
            }
        }
    }
}
