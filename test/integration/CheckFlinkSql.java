import java.nio.charset.StandardCharsets;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Reads statements from standard input, with an empty byte between them. Flink makes the tables, and plans the queries without
 * running them. Ends with 1 at the first that it refuses.
 */
class CheckFlinkSql {
  public static void main(String[] args) throws Exception {
    TableEnvironment tables = TableEnvironment.create(EnvironmentSettings.inStreamingMode());
    for (String statement : new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\0")) {
      try {
        if (statement.startsWith("SELECT")) System.out.println(tables.explainSql(statement));
        else tables.executeSql(statement);
      } catch (Exception error) {
        System.err.println("Flink refuses:\n" + statement + "\n" + error + "\n" + error.getCause());
        System.exit(1);
      }
    }
  }
}
