package e2e

import (
	"net/http"
	"os"
	"testing"
)

func TestTheDocumentInTheRepositoryIsTheOneTheProgramEmits(t *testing.T) {
	t.Parallel()
	f := openFront(t)
	emitted, err := f.App.API.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	kept, err := os.ReadFile("../openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if string(emitted) != string(kept) {
		t.Error("openapi.yaml is stale: run `go run . openapi > openapi.yaml` and commit it")
	}
	f.visitor().call(http.MethodGet, "/openapi.yaml", nil, http.StatusOK).Body().IsEqual(string(emitted))
}

func TestTheDocumentIsValid(t *testing.T) {
	t.Parallel()
	if err := contract.spec.Validate(t.Context()); err != nil {
		t.Error(err)
	}
	if !contract.spec.IsOpenAPI31OrLater() {
		t.Error("it is not OpenAPI 3.1")
	}
	for _, e := range contract.endpoints() {
		if e.Summary == "" || len(e.Tags) == 0 || e.Responses.Default() == nil {
			t.Errorf("%s lacks a summary, a tag or the problem it may answer with", e.OperationID)
		}
	}
}
