from nrm_tracker.ui.forms import GovukForm, RadioField

XLSX, CSV = "xlsx", "csv"


class ExportForm(GovukForm):
    submit_label = "Export it"

    kind = RadioField(
        label="As what?",
        choices=[(XLSX, "Excel workbook"), (CSV, "CSV file")],
        initial=XLSX,
    )
