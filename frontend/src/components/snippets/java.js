import { quoted, TOKEN_VARIABLE } from "./call.js";

/** @import { Call } from "./call.js" */

/**
 * @param {Call} call
 * @returns {string} for Java 11 or newer; runs as one file: `java Predict.java`
 */
export function java({ url, contentType, file, json }) {
  const publisher =
    file === null ? `ofString(${quoted(JSON.stringify(json))})` : `ofFile(Path.of(${quoted(file)}))`;
  return `import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
${file === null ? "" : "import java.nio.file.Path;\n"}
public class Predict {
    public static void main(String[] args) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(${quoted(url)}))
            .header("Authorization", "Bearer " + System.getenv("${TOKEN_VARIABLE}"))
            .header("Content-Type", ${quoted(contentType)})
            .POST(HttpRequest.BodyPublishers.${publisher})
            .build();
        HttpResponse<String> response =
            HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IllegalStateException(response.body()); // which step failed, and why
        }
        System.out.println(response.body());
    }
}
`;
}
