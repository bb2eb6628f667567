/** What is missing where a model cannot be asked, and how to add it. */
import { Text } from "@mantine/core";
import { exported, refusalOf } from "@/api/exported";
import { useHere } from "@/app/EvaluationFrame";
import { ExportNote } from "@/app/ExportNote";
import classes from "@/shared/AddModel.module.css";

export function AddModel() {
  const { facts } = useHere();
  const held = exported();
  if (held) return <ExportNote says={refusalOf(held, "cannot ask the model", "ask it why")} />;
  const [model = "model"] = facts.model.split("@");
  const [dataset = "dataset"] = facts.dataset.split("@");
  return (
    <div className={classes.add}>
      <Text size="sm">
        <b>The model cannot be asked here: only its predictions are known.</b> Why it said so, and
        what it would say of other values, needs the model itself.
      </Text>
      <Text size="sm">
        Add it by the command line, or in Python; what was tagged and saved stays.
      </Text>
      <pre className={classes.code}>
        {`mispredict add model ${model} model.joblib --trust
mispredict evaluate ${model} ${dataset} --trust
mispredict serve --trust`}
      </pre>
      <pre className={classes.code}>
        {`ws.add_model("${model}", estimator, copy=True)
mp.show(ws.evaluate("${model}", "${dataset}"))`}
      </pre>
      <Text size="xs" className="mp-soft">
        Was it added already? A model that is kept as a pickle is loaded only by a server that was
        started with <code>--trust</code>. ONNX files, servers, functions by name need no trust.
      </Text>
    </div>
  );
}
