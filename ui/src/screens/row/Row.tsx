import { Loading } from "@/app/states";

export function Row() {
  return <Loading />;
}
