"""Export: results and worlds for maps, spreadsheets and dashboards."""
