import java.io.FileWriter;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;
import org.apache.flink.streaming.api.functions.source.SourceFunction;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;

/**
 * Runs continuous queries on Flink within this process, over a file that grows. Arguments: the file, the folder for the results
 * and for checkpoints, the milliseconds between checkpoints, and the watermark in SQL. Standard input has names and queries in
 * turn, with an empty byte between them. Prints "ready" once the file is followed, and runs until it is killed.
 * Each row of a result is a line of "NAME.tsv": end of its window and clock at that moment in epoch milliseconds, and its bytes.
 */
class FlinkPeer {
  public static void main(String[] args) throws Exception {
    Path results = Path.of(args[1]);
    Configuration configuration = new Configuration();
    configuration.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, results.resolve("checkpoints").toUri().toString());
    // A job that began anew would read the file from its start.
    configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
    StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
    environment.enableCheckpointing(Long.parseLong(args[2]));
    StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
    tables.getConfig().setLocalTimeZone(ZoneOffset.UTC);

    DataStream<Row> requests =
        environment.addSource(new FollowedFile(args[0]), Types.STRING).map(FlinkPeer::readRequest).returns(requestType());
    tables.createTemporaryView(
        "requests",
        requests,
        Schema.newBuilder()
            .column("time", DataTypes.TIMESTAMP_LTZ(3))
            .column("client_ip", DataTypes.STRING())
            .column("bytes_sent", DataTypes.BIGINT())
            .column("distribution", DataTypes.STRING())
            .column("edge_location", DataTypes.STRING())
            .column("is_bot", DataTypes.BOOLEAN())
            .watermark("time", args[3])
            .build());
    String[] queries = new String(System.in.readAllBytes(), StandardCharsets.UTF_8).split("\0");
    for (int index = 0; index < queries.length; index += 2)
      tables
          .toDataStream(tables.sqlQuery(queries[index + 1]))
          .addSink(new StampedRows(results.resolve(queries[index] + ".tsv").toString()))
          .setParallelism(1);
    environment.execute();
  }

  private static TypeInformation<Row> requestType() {
    return Types.ROW_NAMED(
        new String[] {"time", "client_ip", "bytes_sent", "distribution", "edge_location", "is_bot"},
        Types.INSTANT, Types.STRING, Types.LONG, Types.STRING, Types.STRING, Types.BOOLEAN);
  }

  /** Fields are in the order of bench/traffic/realtime-fields.ts. */
  private static Row readRequest(String line) {
    String[] fields = line.split("\t", -1);
    return Row.of(
        Instant.ofEpochMilli(Math.round(Double.parseDouble(fields[0]) * 1000)),
        fields[1],
        Long.parseLong(fields[3]),
        fields[5],
        fields[7],
        fields[10].toLowerCase(Locale.ROOT).contains("bot"));
  }

  /** The lines of a file, and those that are appended to it. */
  private static class FollowedFile implements SourceFunction<String> {
    private static final long POLL_MS = 10;
    private final String path;
    private volatile boolean isRunning = true;

    FollowedFile(String path) {
      this.path = path;
    }

    @Override
    public void run(SourceContext<String> context) throws IOException, InterruptedException {
      byte[] buffer = new byte[1 << 20];
      int kept = 0;
      try (RandomAccessFile file = new RandomAccessFile(path, "r")) {
        System.out.println("ready");
        while (isRunning) {
          int read = file.read(buffer, kept, buffer.length - kept);
          if (read <= 0) {
            Thread.sleep(POLL_MS);
            continue;
          }
          int begin = 0;
          for (int at = kept; at < kept + read; at++) {
            if (buffer[at] != '\n') continue;
            synchronized (context.getCheckpointLock()) {
              context.collect(new String(buffer, begin, at - begin, StandardCharsets.UTF_8));
            }
            begin = at + 1;
          }
          kept = kept + read - begin;
          System.arraycopy(buffer, begin, buffer, 0, kept);
        }
      }
    }

    @Override
    public void cancel() {
      isRunning = false;
    }
  }

  private static class StampedRows extends RichSinkFunction<Row> {
    private final String path;
    private transient FileWriter file;

    StampedRows(String path) {
      this.path = path;
    }

    @Override
    public void open(OpenContext context) throws IOException {
      file = new FileWriter(path);
    }

    @Override
    public void invoke(Row row, Context context) throws IOException {
      LocalDateTime end = row.getFieldAs("window_end");
      long endMs = end.toInstant(ZoneOffset.UTC).toEpochMilli();
      file.write(endMs + "\t" + System.currentTimeMillis() + "\t" + row.getField("bytes") + "\n");
      file.flush();
    }

    @Override
    public void close() throws IOException {
      if (file != null) file.close();
    }
  }
}
