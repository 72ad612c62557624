import { quoted, TOKEN_VARIABLE } from "./call.js";

/** @import { Call } from "./call.js" */

/**
 * @param {Call} call
 * @returns {string} a whole program in C# 7.1 or newer
 */
export function csharp({ url, contentType, file, json }) {
  const content =
    file === null
      ? `new StringContent(${quoted(JSON.stringify(json))})`
      : `new ByteArrayContent(File.ReadAllBytes(${quoted(file)}))`;
  return `using System;
${file === null ? "" : "using System.IO;\n"}using System.Net.Http;
using System.Net.Http.Headers;
using System.Threading.Tasks;

class Predict
{
    static async Task Main()
    {
        var token = Environment.GetEnvironmentVariable("${TOKEN_VARIABLE}");
        using (var client = new HttpClient())
        using (var content = ${content})
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            content.Headers.ContentType = new MediaTypeHeaderValue(${quoted(contentType)});
            var response = await client.PostAsync(${quoted(url)}, content);
            var answer = await response.Content.ReadAsStringAsync();
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(answer); // which step failed, and why
            }
            Console.WriteLine(answer);
        }
    }
}
`;
}
